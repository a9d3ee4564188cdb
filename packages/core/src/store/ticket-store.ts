import type { AgentwerkEvent, EventDraft, EventType } from "../event/event.ts";
import type { UserContent } from "../provider/content.ts";
import type { Usage } from "../provider/usage.ts";
import type { Condition, QueryOrder } from "../query/ticket-query.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import type { Amounts, Budget, BudgetLimit } from "../ticket/budget.ts";
import type { Reply, ReplyDraft } from "../ticket/reply.ts";
import type { CallDecision, Ticket, TicketStatus, Waiting } from "../ticket/ticket.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";
import type { TicketFailure } from "../ticket/ticket-failure.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { JsonValue } from "../util/json.ts";
import type { Totals } from "./totals.ts";

/** The time-limited right of one worker to write to one ticket. */
export interface Lease {
  readonly key: TicketKey;
  /** The fencing token: grows with every claim of the ticket, so a write with an older one is refused. */
  readonly token: number;
  readonly worker: string;
  /** Milliseconds since the epoch, on the store's clock. */
  readonly expiresAt: number;
}

/**
 * What an agent can take: tickets with at least one of `labels`; with no labels, tickets that have none.
 * An empty text among the labels stands for tickets without labels, for an agent that takes those and others too.
 */
export interface Want {
  readonly agent: string;
  readonly labels: readonly string[];
  /** At most so many tickets. */
  readonly limit: number;
}

export interface ClaimRequest {
  /** Names the process; for people and for `explain`. */
  readonly worker: string;
  readonly wants: readonly Want[];
  /** At most so many tickets over all wants. */
  readonly limit?: number | undefined;
  readonly leaseMs: number;
}

export interface Claim {
  readonly ticket: Ticket;
  readonly lease: Lease;
  /** The agent of the {@link Want} that it was taken for. */
  readonly agent: string;
  /** The conversation so far. */
  readonly replies: readonly Reply[];
}

/** What a step adds to a ticket's {@link Ticket.work} and to the totals. Absent fields add nothing. */
export interface WorkDelta {
  readonly turns?: number;
  readonly requests?: number;
  readonly toolCalls?: number;
  readonly errors?: number;
  readonly workMs?: number;
  readonly usage?: Usage;
  readonly cost?: number;
}

export type Outcome =
  | { readonly status: "done"; readonly result: JsonValue }
  | {
      readonly status: "failed";
      readonly failure: TicketFailure;
      /** What its agent worked with; kept with the attempt. */
      readonly model?: string | undefined;
    }
  | { readonly status: "waiting"; readonly waiting: Waiting };

/** Everything that one step of a worker changes; applied whole or not at all. */
export interface StepChange {
  readonly replies?: readonly ReplyDraft[];
  readonly work?: WorkDelta;
  /** Ends the lease. */
  readonly outcome?: Outcome;
  /** Created in the same transaction; `parent` is this ticket unless the draft names another. */
  readonly children?: readonly TicketDraft[];
  /** Ids of decided calls that are about to run or are answered: a later worker finds no decision on them any more. */
  readonly decisionsUsed?: readonly string[];
  /**
   * What became of the request that was reserved for: `settled`, its usage stands in `work`, or it cost nothing;
   * `forfeited`, nobody knows what it cost, so its worst case counts as spent.
   */
  readonly reservation?: "settled" | "forfeited" | undefined;
  /** What happened inside the step. The store adds the `ticket_*` events that follow from the change, after these. */
  readonly events?: readonly EventDraft[];
}

export interface ReserveRequest {
  /** The worst case of the request. */
  readonly amounts: Amounts;
  /** What the namespace may have spent when it is through, counted from its first ticket. */
  readonly ceiling?: Budget | undefined;
}

/**
 * `granted`: it counts until the commit that settles it, or until the ticket's lease ends in any way, which makes it spent.
 * `wait`: only reservations of workers whose leases hold stand in the way; ask again after the next notice, at the latest
 * at `until`; `behind` names the envelopes that have no room meanwhile, and `undefined` is the ceiling. `refused`: what is spent leaves no room; the limit of the envelope, or of the ceiling where none is named.
 */
export type Reservation =
  | { readonly kind: "granted" }
  | {
      readonly kind: "wait";
      readonly until: number;
      readonly behind: readonly (TicketKey | undefined)[];
    }
  | {
      readonly kind: "refused";
      readonly limit: BudgetLimit;
      readonly maximum: number;
      /** What would have been spent with it. */
      readonly value: number;
      readonly envelope?: TicketKey | undefined;
    };

/** What a namespace or an envelope has spent, and what is reserved beyond that. */
export interface Account {
  readonly spent: Amounts;
  readonly reserved: Amounts;
}

export interface CommitOptions {
  /**
   * How many replies the worker knows of; the answer then holds those that others appended meanwhile. If there are
   * any, a ticket that parks for a reply can be claimed again at once: its question crossed an answer.
   */
  readonly knownReplies?: number;
}

export interface CommitReceipt {
  /** The step's replies with their places. */
  readonly appended: readonly Reply[];
  /** Replies that people appended since `knownReplies`, in order; always before `appended`. */
  readonly arrived: readonly Reply[];
  readonly children: readonly Ticket[];
}

/** What people do to a ticket. Each is checked against its status; a refused one changes nothing. */
export type TicketUpdate =
  /** Not on final tickets. Wakes a ticket that waits for a reply. */
  | { readonly type: "reply"; readonly content: readonly UserContent[]; readonly author?: string | undefined }
  /** Not on final tickets. Ends a running worker's lease; open tool calls are answered as cancelled. */
  | { readonly type: "cancel"; readonly reason?: string | undefined }
  /** Only on failed tickets: back to `todo`, with the conversation kept and `note`, or why it failed, appended to it. */
  | {
      readonly type: "retry";
      readonly note?: string | undefined;
      readonly labels?: readonly string[] | undefined;
      /** Stays with the ticket until another retry names one. */
      readonly model?: string | undefined;
    }
  /**
   * Only on tickets that wait for an approval of this call with this hash, and once for each; a stale one is refused.
   * The last decision wakes the ticket.
   */
  | { readonly type: "decide"; readonly decision: CallDecision }
  /** Only on tickets that are `todo` or parked behind their blockers. */
  | ({ readonly type: "edit" } & TicketEdit);

export interface TicketEdit {
  readonly task?: JsonValue | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly schema?: JsonSchema | undefined;
  readonly priority?: number | undefined;
  readonly notBefore?: number | undefined;
}

/** All given conditions must hold. */
export interface TicketFilter {
  readonly keys?: readonly TicketKey[] | undefined;
  readonly status?: readonly TicketStatus[] | undefined;
  /** At least one of them. */
  readonly labels?: readonly string[] | undefined;
  readonly parent?: TicketKey | undefined;
  readonly agent?: string | undefined;
  /** Only tickets inserted after this one: the cursor of a listing. */
  readonly after?: TicketKey | undefined;
  readonly finishedBefore?: number | undefined;
  /** A parsed query's condition. */
  readonly where?: Condition | undefined;
  /** By insertion unless given. */
  readonly orderBy?: readonly QueryOrder[] | undefined;
  readonly limit?: number | undefined;
}

/** What could still happen in a store, as one consistent look; asked only by who has nothing to do. */
export interface Outlook {
  readonly todo: number;
  readonly inProgress: number;
  readonly waiting: number;
  /** Of `inProgress`: those whose lease has not run out. */
  readonly leased: number;
  /** Tickets that the given wants could take right now; counted no further than their limits together. */
  readonly claimable: number;
  /**
   * The next moment at which a claim with the given wants could find something that it would not find now, as far as
   * time alone decides: `notBefore` of a ticket that matches, or the end of any lease.
   */
  readonly nextAt?: number | undefined;
}

/** Told after each transaction that stored events, in order. `remote`: another process wrote; what, stands in the log. */
export type StoreNotice =
  | { readonly origin: "local"; readonly events: readonly AgentwerkEvent[] }
  | { readonly origin: "remote" };

export interface EventQuery {
  /** Only events with a greater id. */
  readonly after?: number | undefined;
  readonly types?: readonly EventType[] | undefined;
  readonly ticket?: TicketKey | undefined;
  /** 1,000 unless given. */
  readonly limit?: number | undefined;
}

/**
 * Where tickets, replies and events live, and the only place with concurrency. One object is one namespace.
 *
 * A ticket can be claimed when it is `todo`, `notBefore` has passed and every blocker is `done`; or `in_progress`
 * with no lease or one that ran out. Order: priority, higher first, then insertion.
 *
 * When a blocker fails or is cancelled, a ticket that it blocks is parked (`waiting` for `blockers`) until a retry of the
 * blocker, or fails with the reason `blocked`, as its `onBlockerFailed` says; the same at insert and retry, where a parked
 * one is never failed. All in the transaction that ends the blocker, along whole chains.
 *
 * Every method rejects with an `AgentwerkError`: `closed` after `close()`, `not_found` for an unknown key,
 * `conflict` where the status forbids the change, `lease_lost`, `store_busy`, `store_full`, `store_corrupt`,
 * `store_unavailable`. A rejected write has changed nothing.
 */
export interface TicketStore {
  readonly namespace: string;
  /**
   * One atomic batch, in order. Drafts can name each other by `ref`; those that wait for each other in a circle are refused.
   * A draft whose `idempotencyKey` is known yields the ticket that has it.
   */
  insert(drafts: readonly TicketDraft[]): Promise<readonly Ticket[]>;
  /** Takes up to `limit` tickets for each want, atomically. An empty array when there is nothing. */
  claim(request: ClaimRequest): Promise<readonly Claim[]>;
  /** Extends leases from now; answers the keys of those that were lost. */
  renew(leases: readonly Lease[], leaseMs: number): Promise<readonly TicketKey[]>;
  /** Gives a ticket back unfinished; it can be claimed at once and counts no further attempt. */
  release(lease: Lease): Promise<void>;
  /** The one way for a worker to write, fenced by the lease. */
  commit(lease: Lease, change: StepChange, options?: CommitOptions): Promise<CommitReceipt>;
  /** Before a request: sets its worst case aside, atomically, within the ceiling and every envelope of the ticket. */
  reserve(lease: Lease, request: ReserveRequest): Promise<Reservation>;
  /**
   * Joins a worker's run for so long to the runs that share a budget, or renews that; 0 takes it out. Answers what the
   * namespace had spent before the first of those that are still going on began.
   */
  enterBudget(worker: string, forMs: number): Promise<Amounts>;
  /** Of the namespace, or of the envelope of a ticket. */
  account(envelope?: TicketKey): Promise<Account>;
  /** Writes events that belong to no ticket's step, such as those of a run; may wait up to 25 ms for another write to ride with. */
  append(events: readonly EventDraft[]): Promise<void>;
  /** What people do. Resolves with the ticket as it is afterwards. */
  update(key: TicketKey, change: TicketUpdate): Promise<Ticket>;
  get(key: TicketKey): Promise<Ticket | undefined>;
  /** By insertion. */
  find(filter: TicketFilter): Promise<readonly Ticket[]>;
  replies(key: TicketKey): Promise<readonly Reply[]>;
  /** By id. */
  events(query: EventQuery): Promise<readonly AgentwerkEvent[]>;
  totals(): Promise<Totals>;
  outlook(wants: readonly Want[]): Promise<Outlook>;
  /**
   * Removes final tickets that match, with their replies and idempotency keys; answers how many. Totals and events
   * stay, and so do failed and cancelled tickets that an open ticket names as its blocker.
   */
  prune(filter: TicketFilter): Promise<number>;
  /** Calls `listener` after each transaction until the signal aborts or the store closes. It must return fast and not throw. */
  watch(listener: (notice: StoreNotice) => void, options?: { readonly signal?: AbortSignal }): void;
  /** Writes what is still waiting and frees what is held. A second call does nothing. */
  close(): Promise<void>;
}
