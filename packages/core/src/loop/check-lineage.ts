import type { Ticket } from "../ticket/ticket.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";
import type { TicketFailure } from "../ticket/ticket-failure.ts";
import type { TicketSession } from "./ticket-session.ts";

/** Refuses a follow-up that would make the chain of handovers too long, or repeat a ticket that the chain already had. */
export async function checkLineage(
  { claim, host, limits }: TicketSession,
  children: readonly TicketDraft[],
): Promise<TicketFailure | undefined> {
  let ancestor: Ticket | undefined = claim.ticket;
  for (let depth = 1; ancestor !== undefined; depth++) {
    const { key, parent }: Ticket = ancestor;
    if (depth > limits.maxHandovers) {
      return {
        reason: "handovers_too_deep",
        message: `The chain of follow-ups is longer than ${limits.maxHandovers} tickets; raise policy.maxHandovers if it is meant to be.`,
      };
    }
    for (const child of children) {
      if (!isSame(ancestor, child)) continue;
      return {
        reason: "handovers_circular",
        message: `The follow-up repeats ${key} word for word: the tickets hand over in a circle.`,
      };
    }
    ancestor = parent === undefined ? undefined : await host.tickets.get(parent);
  }
  return undefined;
}

function isSame(ticket: Ticket, draft: TicketDraft): boolean {
  const labels = [...new Set(draft.labels ?? [])].sort();
  return (
    ticket.labels.length === labels.length &&
    ticket.labels.every((label, index) => label === labels[index]) &&
    JSON.stringify(ticket.task) === JSON.stringify(draft.task)
  );
}
