import {
  type Amounts,
  addAmounts,
  type Budget,
  limitedAmounts,
  limitsOf,
  noAmounts,
} from "../../ticket/budget.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import { enterWindow, leaveWindow } from "../rules/budget-window.ts";
import type { TallyBook } from "../rules/tally-book.ts";
import type { TicketState } from "../rules/ticket-state.ts";
import { forfeit } from "../rules/transitions.ts";
import type { Account, Lease, Reservation, ReserveRequest } from "../ticket-store.ts";
import { loadLeased } from "./load-leased.ts";
import type { Tables } from "./tables.ts";
import type { Transaction } from "./transaction.ts";

/** Sums of money are sums of floating-point numbers: a billionth of a dollar over the limit is none. */
const tolerance = 1e-9;

/** Something with limits that a request draws from: an envelope, or, without a key, the namespace. */
interface Purse {
  readonly key: TicketKey | undefined;
  readonly limits: Budget;
}

/** Sets the worst case of a request aside, if every limit allows it. */
export function reserve(tx: Transaction, lease: Lease, request: ReserveRequest): Reservation {
  const state = forfeitReservation(tx, loadLeased(tx, lease));
  tx.flush();
  const others = tx.tables
    .reservations()
    .map((other) => tx.adopt(other))
    .filter(({ key }) => key !== state.key);
  const purses: Purse[] = (state.envelopes ?? []).map((limits) => ({ key: limits.key, limits }));
  if (request.ceiling !== undefined) purses.push({ key: undefined, limits: request.ceiling });
  const waits: Extract<Reservation, { readonly kind: "wait" }>[] = [];
  for (const purse of purses) {
    const answer = draw(tx, { purse, amounts: request.amounts, others });
    if (answer.kind === "refused") return answer;
    if (answer.kind === "wait") waits.push(answer);
  }
  if (waits.length > 0) {
    const until = Math.min(...waits.map((wait) => wait.until));
    return { kind: "wait", until, behind: waits.flatMap(({ behind }) => behind) };
  }
  tx.save({ ...state, reserved: request.amounts });
  return { kind: "granted" };
}

/**
 * Whether one purse allows it. Reservations of workers whose leases hold may settle for less, so they only make it wait;
 * those of workers that vanished count as spent.
 */
function draw(
  tx: Transaction,
  options: { readonly purse: Purse; readonly amounts: Amounts; readonly others: readonly TicketState[] },
): Reservation {
  const { purse, amounts, others } = options;
  const sharing = others.filter((other) => drawsFrom(other, purse.key));
  const live = sharing.filter(({ leaseUntil = 0 }) => leaseUntil > tx.now);
  const lost = sharing.filter(({ leaseUntil = 0 }) => leaseUntil <= tx.now);
  const gone = addAmounts(tx.tables.spent(tx.tally, purse.key), sumOf(lost));
  const held = sumOf(live);
  let mustWait = false;
  for (const [limit, maximum] of limitsOf(purse.limits)) {
    const amount = limitedAmounts[limit];
    const value = gone[amount] + amounts[amount];
    if (value > maximum + tolerance) {
      return {
        kind: "refused",
        limit,
        maximum,
        value,
        ...(purse.key !== undefined && { envelope: purse.key }),
      };
    }
    mustWait ||= value + held[amount] > maximum + tolerance;
  }
  if (!mustWait) return { kind: "granted" };
  return {
    kind: "wait",
    until: Math.min(...live.map(({ leaseUntil = 0 }) => leaseUntil)),
    behind: [purse.key],
  };
}

/** A worker ends with a ticket and leaves a request behind whose price nobody knows: its worst case counts as spent. */
export function forfeitReservation(tx: Transaction, state: TicketState): TicketState {
  if (state.reserved === undefined) return state;
  tx.emit({
    type: "reservation_forfeited",
    ...(state.agent !== undefined && { agent: state.agent }),
    ticket: state.key,
    labels: state.labels,
    ...state.reserved,
  });
  return tx.save(forfeit(state));
}

/** Joins a run to those that share a budget, or takes it out when `forMs` is 0; answers what was spent before they began. */
export function enterBudget(
  tx: Transaction,
  { worker, forMs }: { readonly worker: string; readonly forMs: number },
): Amounts {
  tx.flush();
  const { tables, now } = tx;
  const window = tables.budgetWindow();
  const spent = tables.spent(tx.tally, undefined);
  if (forMs === 0) {
    if (window !== undefined) tables.keepBudgetWindow(leaveWindow(window, { worker, now }));
    return window?.since ?? spent;
  }
  const entered = enterWindow(window, { worker, until: now + forMs, now, spent });
  tables.keepBudgetWindow(entered);
  return entered.since;
}

/** What a namespace or an envelope has spent, and what is set aside for requests under way. */
export function readAccount(tables: Tables, tally: TallyBook, envelope: TicketKey | undefined): Account {
  const reserved = sumOf(tables.reservations().filter((state) => drawsFrom(state, envelope)));
  return { spent: tables.spent(tally, envelope), reserved };
}

function drawsFrom({ envelopes = [] }: TicketState, purse: TicketKey | undefined): boolean {
  return purse === undefined || envelopes.some(({ key }) => key === purse);
}

function sumOf(states: readonly TicketState[]): Amounts {
  return states.reduce((sum, { reserved = noAmounts }) => addAmounts(sum, reserved), noAmounts);
}
