import { AgentwerkError } from "../errors/agentwerk-error.ts";

declare const brand: unique symbol;

/** A ticket's name within its namespace: `TICKET-` and a number that grows with every insert. */
export type TicketKey = string & { readonly [brand]: "TicketKey" };

const prefix = "TICKET-";

/** The key of the ticket that a store inserted as its `number`th (from 1). */
export function ticketKeyOf(number: number): TicketKey {
  return `${prefix}${number}` as TicketKey;
}

/** The number within a key. */
export function ticketNumberOf(key: TicketKey): number {
  return Number(key.slice(prefix.length));
}

/**
 * Reads a key that came from outside.
 * @throws AgentwerkError `invalid_input` when it is not of the form `TICKET-12`.
 */
export function parseTicketKey(text: string, field = "key"): TicketKey {
  if (/^TICKET-[1-9]\d{0,14}$/.test(text)) return text as TicketKey;
  throw new AgentwerkError({
    code: "invalid_input",
    field,
    message: `${field} is ${JSON.stringify(text)}; a ticket key looks like TICKET-12.`,
  });
}
