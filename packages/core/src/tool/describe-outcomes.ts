import type { Ticket } from "../ticket/ticket.ts";

/** What became of some tickets, as text for a model: one paragraph a ticket. */
export function describeOutcomes(tickets: readonly Ticket[]): string {
  return tickets.map((ticket) => `${ticket.key} ${ticket.status}${describeEnd(ticket)}`).join("\n\n");
}

function describeEnd({ result, failure }: Ticket): string {
  if (failure !== undefined) return ` (${failure.reason}): ${failure.message}`;
  if (result === undefined) return "";
  return `:\n${typeof result === "string" ? result : JSON.stringify(result, null, 2)}`;
}
