import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";

export function invalidInput(field: string, problem: string): AgentwerkError {
  return new AgentwerkError({ code: "invalid_input", field, message: `${field} ${problem}` });
}

export function ticketNotFound(key: TicketKey, field = "key"): AgentwerkError {
  return new AgentwerkError({
    code: "not_found",
    field,
    message: `${field} names ${key}, which is not in this store. Check the key; it may have been pruned.`,
  });
}

export function ticketConflict(key: TicketKey, problem: string): AgentwerkError {
  return new AgentwerkError({ code: "conflict", message: `${key} ${problem}` });
}

export function storeClosed(): AgentwerkError {
  return new AgentwerkError({
    code: "closed",
    message: "The ticket store is closed. Open a new one to go on.",
  });
}
