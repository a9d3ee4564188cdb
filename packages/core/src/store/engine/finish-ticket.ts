import type { TicketKey } from "../../ticket/ticket-key.ts";
import type { TicketState } from "../rules/ticket-state.ts";
import { passOnFailure } from "./blockers.ts";
import { endTicket } from "./end-ticket.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Makes a ticket final and tells those that wait for it: tickets that it blocks, and its parent. The caller has emitted
 * the event of the end already, so that it stands before those of the tickets that end with it.
 */
export function finishTicket(
  tx: Transaction,
  state: TicketState,
  status: "done" | "failed" | "cancelled",
): void {
  const after = endTicket(tx, state, status);
  if (after.dependents === 0) return;
  if (status === "done") unblock(tx, after.key);
  else passOnFailure(tx, after.key);
}

function unblock(tx: Transaction, blocker: TicketKey): void {
  for (const key of tx.tables.takeDependents(blocker)) {
    const state = tx.load(key);
    if (state !== undefined) tx.save({ ...state, openBlockers: Math.max(0, state.openBlockers - 1) });
  }
}
