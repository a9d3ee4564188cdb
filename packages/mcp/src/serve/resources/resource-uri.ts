import { parseTicketKey, type TicketKey } from "@agentwerk/core";

/** What a resource's address names. */
export type ResourceName =
  | { readonly kind: "ticket"; readonly key: TicketKey }
  | { readonly kind: "result"; readonly key: TicketKey }
  | { readonly kind: "knowledge"; readonly slug: string };

export function ticketUri(key: TicketKey): string {
  return `ticket://${key}`;
}

export function resultUri(key: TicketKey): string {
  return `ticket://${key}/result`;
}

export function knowledgeUri(slug: string): string {
  return `knowledge://${slug}`;
}

/** `undefined` for an address of another form. */
export function parseResourceUri(uri: string): ResourceName | undefined {
  const ticket = /^ticket:\/\/(TICKET-[1-9]\d{0,14})(\/result)?$/.exec(uri);
  if (ticket?.[1] !== undefined) {
    return { kind: ticket[2] === undefined ? "ticket" : "result", key: parseTicketKey(ticket[1]) };
  }
  const slug = /^knowledge:\/\/([a-z0-9-]{1,64})$/.exec(uri)?.[1];
  return slug === undefined ? undefined : { kind: "knowledge", slug };
}
