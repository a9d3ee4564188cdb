import type { TicketStatus } from "../../ticket/ticket.ts";
import { ticketNumberOf } from "../../ticket/ticket-key.ts";
import type { TicketFilter } from "../ticket-store.ts";
import type { TicketState } from "./ticket-state.ts";

/** Whether a ticket meets all conditions of a filter but `limit`. */
export function matchesFilter(state: TicketState, filter: TicketFilter): boolean {
  const { keys, status, labels, parent, agent, after, finishedBefore } = filter;
  return (
    (keys === undefined || keys.includes(state.key)) &&
    (status === undefined || status.includes(state.status)) &&
    (labels === undefined || labels.some((label) => state.labels.includes(label))) &&
    (parent === undefined || state.parent === parent) &&
    (agent === undefined || state.agent === agent) &&
    (after === undefined || ticketNumberOf(state.key) > ticketNumberOf(after)) &&
    (finishedBefore === undefined || (state.finishedAt !== undefined && state.finishedAt < finishedBefore))
  );
}

const openStatuses: ReadonlySet<TicketStatus> = new Set(["todo", "in_progress", "waiting"]);

/** Whether only tickets that are not final can match: engines have an index of those. */
export function asksForOpenOnly(filter: TicketFilter): boolean {
  return filter.status?.every((status) => openStatuses.has(status)) === true;
}
