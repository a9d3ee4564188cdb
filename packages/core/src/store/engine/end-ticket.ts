import type { TicketState } from "../rules/ticket-state.ts";
import { finish, offerAgain } from "../rules/transitions.ts";
import type { Transaction } from "./transaction.ts";

/** Makes one ticket final, and wakes its parent if that waits for its children. */
export function endTicket(
  tx: Transaction,
  state: TicketState,
  status: "done" | "failed" | "cancelled",
): TicketState {
  const after = tx.save(finish(state, status, tx.now));
  const parent = after.parent === undefined ? undefined : tx.load(after.parent);
  if (parent === undefined) return after;
  const openChildren = Math.max(0, parent.openChildren - 1);
  const isAwaited = parent.waiting?.for === "children" && openChildren === 0;
  tx.save({ ...(isAwaited ? offerAgain(parent) : parent), openChildren });
  return after;
}
