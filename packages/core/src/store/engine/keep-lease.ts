import type { TicketKey } from "../../ticket/ticket-key.ts";
import { holdsLease } from "../rules/ticket-state.ts";
import { offerAgain } from "../rules/transitions.ts";
import type { Lease } from "../ticket-store.ts";
import { loadLeased } from "./load-leased.ts";
import { forfeitReservation } from "./reserve.ts";
import type { Transaction } from "./transaction.ts";

/** Extends leases from now and answers the keys of those that were lost. */
export function renewLeases(
  tx: Transaction,
  leases: readonly Lease[],
  leaseMs: number,
): readonly TicketKey[] {
  const lost: TicketKey[] = [];
  for (const lease of leases) {
    const state = tx.load(lease.key);
    if (holdsLease(state, lease)) tx.save({ ...state, leaseUntil: tx.now + leaseMs });
    else lost.push(lease.key);
  }
  return lost;
}

/** Gives a ticket back unfinished. */
export function releaseLease(tx: Transaction, lease: Lease): void {
  const state = forfeitReservation(tx, loadLeased(tx, lease));
  tx.save(offerAgain(state));
  tx.emit({ type: "ticket_released", agent: state.agent, ticket: state.key, labels: state.labels });
}
