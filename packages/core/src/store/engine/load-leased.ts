import { LeaseLostError } from "../../errors/lease-lost-error.ts";
import { holdsLease, type TicketState } from "../rules/ticket-state.ts";
import type { Lease } from "../ticket-store.ts";
import type { Transaction } from "./transaction.ts";

/** The ticket of a lease that still holds. */
export function loadLeased(tx: Transaction, lease: Lease): TicketState {
  const state = tx.load(lease.key);
  if (!holdsLease(state, lease)) throw new LeaseLostError(lease.key);
  return state;
}
