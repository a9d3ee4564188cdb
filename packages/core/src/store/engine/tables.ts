import type { EventDraft } from "../../event/event.ts";
import type { Amounts } from "../../ticket/budget.ts";
import type { Reply, ReplyDraft } from "../../ticket/reply.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import type { BudgetWindow } from "../rules/budget-window.ts";
import type { TallyBook } from "../rules/tally-book.ts";
import type { TicketBody, TicketEnd, TicketState } from "../rules/ticket-state.ts";

/** A value with the text that an engine stores for it, made before the transaction to keep that short. */
export interface Encoded<T> {
  readonly value: T;
  /** Empty in engines that keep values as they are. */
  readonly text: string;
}

/** Turns values into what an engine stores. */
export type Encode = (value: unknown) => string;

/** Read inside the transaction, put together after it. */
export type Later<T> = () => T;

/** A run of events of one ticket, or of none. */
export interface EventBatch {
  readonly ticket: TicketKey | undefined;
  readonly events: Encoded<EventDraft>[];
}

/**
 * What the operations need from an engine, inside one transaction. The operations decide, the engine keeps.
 * Every method is synchronous. An engine behind a network, as that for PostgreSQL, answers from what it has fetched; where
 * something is missing it breaks the operation off, fetches that, and runs it anew, so operations touch nothing but these.
 */
export interface Tables {
  load(key: TicketKey): TicketState | undefined;
  /** Keeps `after` and its place in the queue; `before` is what is stored now, absent for a new ticket. */
  save(before: TicketState | undefined, after: TicketState): void;

  nextKey(): TicketKey;
  /** For a new ticket, whose `state` is given to `save` later in the transaction. */
  addBody(state: TicketState, body: Encoded<TicketBody>): void;
  replaceBody(key: TicketKey, body: Encoded<TicketBody>): void;
  body(key: TicketKey): TicketBody;
  ticketOf(state: TicketState): Later<Ticket>;
  keyOfIdempotencyKey(idempotencyKey: string): TicketKey | undefined;

  /** Remembers that `blocked` waits for each of `blockers`. */
  addBlockers(blocked: TicketKey, blockers: readonly TicketKey[]): void;
  /** The tickets that wait for `blocker`, the final ones among them included. */
  dependentsOf(blocker: TicketKey): readonly TicketKey[];
  /** The same, and the memory of it ends here. */
  takeDependents(blocker: TicketKey): readonly TicketKey[];

  /** `first` is the index of the first one. */
  appendReplies(key: TicketKey, first: number, replies: Encoded<readonly ReplyDraft[]>, at: number): void;
  /** From index `from` on; `state` tells how many there are. */
  repliesOf(state: TicketState, from: number): Later<readonly Reply[]>;

  setEnd(key: TicketKey, end: Encoded<TicketEnd>): void;
  clearEnd(key: TicketKey): void;

  /** Tickets with something reserved: as many as there are requests under way with a budget over them. */
  reservations(): readonly TicketState[];
  /**
   * What tickets have spent: all of them, or those in an envelope, also after they were pruned. `tally` holds what this
   * transaction adds; an engine adds up `tally.envelopes` as it does `tally.sums`.
   */
  spent(tally: TallyBook, envelope: TicketKey | undefined): Amounts;
  /** The runs that share a budget. */
  budgetWindow(): BudgetWindow | undefined;
  keepBudgetWindow(window: BudgetWindow | undefined): void;

  /** Tickets whose lease ends at or before `now` and that are not in the queue yet. */
  leasesUntil(now: number): readonly TicketState[];
  /** Tickets in the queue of these labels that have to be claimed later than 0 and at or before `now`. */
  dueUntil(labels: readonly string[], now: number): readonly TicketState[];
  /** The first tickets that can be claimed now, over all `labels`, in order. The caller takes every one of them. */
  ready(labels: readonly string[], limit: number): readonly TicketState[];
}
