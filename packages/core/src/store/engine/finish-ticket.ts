import type { TicketState } from "../rules/ticket-state.ts";
import { finish, offerAgain } from "../rules/transitions.ts";
import type { Transaction } from "./transaction.ts";

/** Makes a ticket final and tells those that wait for it: tickets that it blocks, and its parent. */
export function finishTicket(
  tx: Transaction,
  state: TicketState,
  status: "done" | "failed" | "cancelled",
): void {
  const after = tx.save(finish(state, status, tx.now));
  if (status === "done" && after.dependents > 0) unblock(tx, after);
  if (after.parent === undefined) return;
  const parent = tx.load(after.parent);
  if (parent === undefined) return;
  const openChildren = Math.max(0, parent.openChildren - 1);
  const isAwaited = parent.waiting?.for === "children" && openChildren === 0;
  tx.save({ ...(isAwaited ? offerAgain(parent) : parent), openChildren });
}

function unblock(tx: Transaction, blocker: TicketState): void {
  for (const key of tx.tables.takeDependents(blocker.key)) {
    const state = tx.load(key);
    if (state !== undefined) tx.save({ ...state, openBlockers: Math.max(0, state.openBlockers - 1) });
  }
}
