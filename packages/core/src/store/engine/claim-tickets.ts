import type { Reply } from "../../ticket/reply.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { allLabels } from "../rules/tally-book.ts";
import type { TicketState } from "../rules/ticket-state.ts";
import { expireLease, startWork } from "../rules/transitions.ts";
import type { Claim, ClaimRequest, Want } from "../ticket-store.ts";
import { forfeitReservation } from "./reserve.ts";
import type { Later } from "./tables.ts";
import type { Transaction } from "./transaction.ts";

/** The label under which the queue keeps tickets that have none. */
const noLabel: string = allLabels;

/** The queues that a want draws from. */
export function queuesOf(want: Want): readonly string[] {
  return want.labels.length === 0 ? [noLabel] : [...new Set(want.labels)];
}

/** The queues that a ticket stands in. */
export function queuesOfTicket(labels: readonly string[]): readonly string[] {
  return labels.length === 0 ? [noLabel] : labels;
}

/** Takes up to the limit of each want in turn, and up to that of all together. */
export function claimTickets(tx: Transaction, request: ClaimRequest): Later<readonly Claim[]> {
  const wants = request.wants.filter((want) => want.limit > 0);
  if (wants.length === 0) return () => [];
  queueWhatIsDue(tx, wants);
  const claims: Later<Claim>[] = [];
  for (const want of wants) {
    const limit = Math.min(want.limit, (request.limit ?? Number.POSITIVE_INFINITY) - claims.length);
    if (limit <= 0) break;
    tx.flush();
    for (const found of tx.tables.ready(queuesOf(want), limit)) {
      claims.push(claimTicket(tx, tx.adopt(found), request, want.agent));
    }
  }
  return () => claims.map((claim) => claim());
}

function queueWhatIsDue(tx: Transaction, wants: readonly Want[]): void {
  tx.flush();
  if (tx.isFirst("leases")) {
    for (const state of tx.tables.leasesUntil(tx.now)) tx.save(expireLease(tx.adopt(state)));
  }
  for (const want of wants) {
    const labels = queuesOf(want).filter((label) => tx.isFirst(`due ${label}`));
    if (labels.length === 0) continue;
    for (const state of tx.tables.dueUntil(labels, tx.now)) tx.save(tx.adopt(state));
  }
}

function claimTicket(
  tx: Transaction,
  found: TicketState,
  request: ClaimRequest,
  agent: string,
): Later<Claim> {
  const { worker, leaseMs } = request;
  const { state, event } = startWork(forfeitReservation(tx, found), { worker, agent, leaseMs, now: tx.now });
  const saved = tx.save(state);
  tx.emit(event);
  const ticket: Later<Ticket> = tx.tables.ticketOf(saved);
  const replies: Later<readonly Reply[]> = saved.replies === 0 ? () => [] : tx.tables.repliesOf(saved, 0);
  const lease = { key: saved.key, token: saved.token, worker, expiresAt: tx.now + leaseMs };
  return () => ({ ticket: ticket(), lease, agent, replies: replies() });
}
