import type { TicketFailure } from "../../ticket/ticket-failure.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import { withFailedAttempt } from "../rules/failed-attempts.ts";
import type { TicketState } from "../rules/ticket-state.ts";
import { parkForBlockers, unpark } from "../rules/transitions.ts";
import { endTicket } from "./end-ticket.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Does to the tickets that a failed or cancelled one blocks what each of them says: it is parked, or it fails too, and
 * so on down the chain. A list of what is still to do rather than recursion: chains can be long.
 */
export function passOnFailure(tx: Transaction, failed: TicketKey): void {
  const ended = [failed];
  for (let blocker = ended.pop(); blocker !== undefined; blocker = ended.pop()) {
    for (const key of tx.tables.dependentsOf(blocker)) {
      if (meetFailure(tx, key, [blocker]) === "failed") ended.push(key);
    }
  }
}

/** Parks or fails a ticket that has not been started, because these blockers ended without being done. */
export function meetFailure(
  tx: Transaction,
  key: TicketKey,
  blockers: readonly TicketKey[],
): "failed" | "parked" | "untouched" {
  const state = tx.load(key);
  if (state === undefined || (state.status !== "todo" && state.waiting?.for !== "blockers"))
    return "untouched";
  if (tx.tables.body(key).onBlockerFailed === "fail") {
    fail(tx, state, blockers);
    return "failed";
  }
  parkBehind(tx, state, blockers);
  return "parked";
}

/** Dead blockers that a parked ticket names. With all of many, each that dies would write all those before it again. */
const mostNamed = 100;

/** Parks a ticket behind blockers that ended, also one that would fail by its own wish: it was retried before them. */
export function parkBehind(tx: Transaction, state: TicketState, blockers: readonly TicketKey[]): void {
  const known = state.waiting?.for === "blockers" ? state.waiting.blockers : [];
  if (known.length >= mostNamed) return;
  const named = [...new Set([...known, ...blockers])].slice(0, mostNamed);
  const after = tx.save(parkForBlockers(state, named));
  const { waiting, key, labels } = after;
  if (waiting !== undefined) tx.emit({ type: "ticket_waiting", ticket: key, labels, waiting });
}

/** A blocker was retried: tickets that no other one holds up go back to `todo`. */
export function unparkBehind(tx: Transaction, retried: TicketKey): void {
  for (const key of tx.tables.dependentsOf(retried)) {
    const state = tx.load(key);
    if (state?.waiting?.for !== "blockers") continue;
    const named = state.waiting.blockers.filter((blocker) => blocker !== retried);
    const blockers = named.length > 0 ? named : unnamed(tx, key);
    if (blockers.length > 0) {
      tx.save(parkForBlockers(state, blockers));
      continue;
    }
    const { labels } = tx.save(unpark(state));
    tx.emit({ type: "ticket_unparked", ticket: key, labels });
  }
}

/** Dead blockers of a ticket that has so many that it named only the first of them. */
function unnamed(tx: Transaction, key: TicketKey): readonly TicketKey[] {
  const { blockedBy } = tx.tables.body(key);
  return blockedBy.length <= mostNamed ? [] : deadBlockers(tx, blockedBy).slice(0, mostNamed);
}

/** Those of a ticket's blockers that failed or were cancelled. */
export function deadBlockers(tx: Transaction, blockedBy: readonly TicketKey[]): readonly TicketKey[] {
  return blockedBy.filter((key) => {
    const status = tx.load(key)?.status;
    return status === "failed" || status === "cancelled";
  });
}

function fail(tx: Transaction, state: TicketState, blockers: readonly TicketKey[]): void {
  const failure: TicketFailure = { reason: "blocked", message: describe(tx, blockers) };
  const end = { failure };
  tx.tables.setEnd(state.key, { value: end, text: tx.encode(end) });
  tx.emit({ type: "ticket_failed", ticket: state.key, labels: state.labels, failure });
  endTicket(tx, withFailedAttempt(state, { failure, model: undefined, now: tx.now }), "failed");
}

function describe(tx: Transaction, blockers: readonly TicketKey[]): string {
  const ends = blockers.map((key) => `${key} is ${tx.load(key)?.status ?? "gone"}`).join(", ");
  return `It cannot be started: ${ends}. Retry ${blockers.length === 1 ? "that one" : "those"} first, then this one.`;
}
