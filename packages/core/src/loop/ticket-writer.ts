import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { EventDraft } from "../event/event.ts";
import { addUsage, noUsage, type Usage } from "../provider/usage.ts";
import type { Claim, Outcome, StepChange, TicketStore, WorkDelta } from "../store/ticket-store.ts";
import type { Reply, ReplyDraft } from "../ticket/reply.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";
import { type Clock, elapsedSince } from "../util/clock.ts";

/** How long noted changes may wait for a commit to ride with, in milliseconds. */
const longestWaitMs = 25;

type Headless<Draft> = Draft extends EventDraft ? Omit<Draft, "agent" | "ticket" | "labels"> : never;

/** An event of the ticket at hand; the writer adds whose it is. */
export type TicketEventDraft = Headless<EventDraft>;

/** What a part of a step adds. */
export interface StepPart {
  readonly replies?: readonly ReplyDraft[];
  readonly work?: WorkDelta;
  readonly events?: readonly TicketEventDraft[];
  readonly decisionsUsed?: readonly string[];
  readonly reservation?: NonNullable<StepChange["reservation"]>;
}

/**
 * Writes one claimed ticket. Parts are either noted (they ride with the next commit, at most 25 ms later) or committed
 * at once together with all that was noted before; order is kept. A commit that fails in the background is thrown by
 * the next call, and `onLost` tells about it at once, so that work on a lost ticket ends early.
 */
export class TicketWriter {
  readonly #store: TicketStore;
  readonly #claim: Claim;
  readonly #clock: Clock;
  readonly #onLost: (reason: unknown) => void;
  #replies: ReplyDraft[] = [];
  #events: EventDraft[] = [];
  #work = emptyWork();
  #decisionsUsed: string[] = [];
  #reservation: StepChange["reservation"];
  #markedAt: number;
  #cancelTimer: (() => void) | undefined;
  #failure: { readonly reason: unknown } | undefined;
  /** Every reply before this place is in the conversation. */
  #heard: number;
  /** Places behind it that are, too: our own, and what was taken from the inbox. */
  readonly #ahead = new Set<number>();
  #inbox: Reply[] = [];
  /** The last commit that was sent and is not through. */
  #inFlight: Promise<void> | undefined;

  constructor(options: {
    readonly store: TicketStore;
    readonly claim: Claim;
    readonly clock: Clock;
    readonly onLost: (reason: unknown) => void;
  }) {
    this.#store = options.store;
    this.#claim = options.claim;
    this.#clock = options.clock;
    this.#onLost = options.onLost;
    this.#markedAt = options.clock.now();
    this.#heard = options.claim.replies.length;
  }

  /** Keeps a part for the next commit. */
  note(part: StepPart): void {
    this.#take(part);
    // One timer serves all that is noted while it runs; what a commit took along is no longer there when it fires.
    this.#cancelTimer ??= this.#clock.setTimer(() => {
      this.#cancelTimer = undefined;
      this.commitSoon();
    }, longestWaitMs);
  }

  /** Commits now, without anyone waiting for it. */
  commitSoon(part: StepPart = {}): void {
    this.commit(part).catch(() => {});
  }

  /** Commits a part and all that was noted; resolves when it is stored. */
  async commit(part: StepPart = {}): Promise<void> {
    this.#take(part);
    const hasNews = this.#replies.length > 0 || this.#events.length > 0 || this.#reservation !== undefined;
    if (hasNews) await this.#send({});
  }

  /** Resolves when it is on record what became of the last request that was reserved for. */
  async settle(): Promise<void> {
    if (this.#reservation !== undefined) await this.commit();
    else if (this.#inFlight !== undefined) await this.#inFlight.catch(() => {});
    if (this.#failure !== undefined) throw this.#failure.reason;
  }

  /** Commits if an answer of the model, which was paid for, is still waiting. */
  async commitAnswer(): Promise<void> {
    if (this.#replies.some(({ purpose }) => purpose === "answer")) await this.commit();
  }

  /**
   * The last commit of a claim, with `parts` that no other may take along. `onHanded` is called in the same go in which the
   * store gets it. It goes out once the commits before it are through, because only then is it known what was heard.
   */
  async finish(options: {
    readonly outcome: Outcome;
    readonly parts?: readonly StepPart[] | undefined;
    readonly children?: readonly TicketDraft[];
    readonly onHanded: () => void;
  }): Promise<void> {
    while (this.#inFlight !== undefined) await this.#inFlight.catch(() => {});
    for (const part of options.parts ?? []) this.#take(part);
    if (this.#failure !== undefined) throw this.#failure.reason;
    const { outcome, children } = options;
    const sent = this.#send({ outcome, ...(children === undefined ? {} : { children }) });
    options.onHanded();
    await sent;
  }

  /** Gives the ticket back unfinished. */
  async release(): Promise<void> {
    await this.commit();
    this.#stopTimer();
    await this.#store.release(this.#claim.lease);
  }

  /** Takes the replies that people wrote since the last call. */
  takeArrived(): readonly Reply[] {
    if (this.#inbox.length === 0) return [];
    const arrived = this.#inbox;
    this.#inbox = [];
    for (const { index } of arrived) this.#ahead.add(index);
    this.#advance();
    return arrived.filter(({ message }) => message.role === "user");
  }

  /** Drops what was noted: the ticket is no longer ours. */
  abandon(): void {
    this.#stopTimer();
    this.#replies = [];
    this.#events = [];
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #take({ replies, work, events, decisionsUsed, reservation }: StepPart): void {
    if (this.#failure !== undefined) throw this.#failure.reason;
    if (replies !== undefined) this.#replies.push(...replies);
    if (work !== undefined) addWork(this.#work, work);
    if (decisionsUsed !== undefined) this.#decisionsUsed.push(...decisionsUsed);
    if (reservation !== undefined) this.#reservation = reservation;
    if (events === undefined) return;
    const { ticket, agent } = this.#claim;
    for (const event of events) {
      this.#events.push({ ...event, agent, ticket: ticket.key, labels: ticket.labels } as EventDraft);
    }
  }

  #send(change: StepChange): Promise<void> {
    const sent = this.#sendNow(change);
    this.#inFlight = sent;
    const done = (): void => {
      if (this.#inFlight === sent) this.#inFlight = undefined;
    };
    sent.then(done, done);
    return sent;
  }

  async #sendNow(change: StepChange): Promise<void> {
    if (change.outcome !== undefined) this.#stopTimer();
    const work = this.#work;
    work.workMs = elapsedSince(this.#markedAt, this.#clock);
    this.#markedAt = this.#clock.now();
    const replies = this.#replies;
    const events = this.#events;
    const decisionsUsed = this.#decisionsUsed;
    const reservation = this.#reservation;
    this.#decisionsUsed = [];
    this.#reservation = undefined;
    this.#replies = [];
    this.#events = [];
    this.#work = emptyWork();
    try {
      const { appended, arrived } = await this.#store.commit(
        this.#claim.lease,
        { ...change, replies, events, work, decisionsUsed, reservation },
        // What lies in the inbox was not heard: a ticket that parks for a reply must not sleep on one that is there.
        { knownReplies: this.#heard },
      );
      this.#learn(appended, arrived);
    } catch (reason) {
      if (endsWork(reason)) {
        this.#failure ??= { reason };
        this.#onLost(reason);
      }
      throw reason;
    }
  }

  #learn(appended: readonly Reply[], arrived: readonly Reply[]): void {
    for (const { index } of appended) this.#ahead.add(index);
    for (const reply of arrived) {
      const isKnown = reply.index < this.#heard || this.#ahead.has(reply.index);
      if (!isKnown && !this.#inbox.some(({ index }) => index === reply.index)) this.#inbox.push(reply);
    }
    this.#advance();
  }

  #advance(): void {
    while (this.#ahead.delete(this.#heard)) this.#heard++;
  }
}

/** A lost lease or a broken store; any other refusal concerns one change only, of which nothing was written. */
export function endsWork(reason: unknown): boolean {
  if (!AgentwerkError.isInstance(reason)) return true;
  return reason.code === "lease_lost" || reason.code === "closed" || reason.code.startsWith("store_");
}

interface MutableWork {
  turns: number;
  requests: number;
  toolCalls: number;
  errors: number;
  workMs: number;
  usage: Usage;
  cost: number;
}

function emptyWork(): MutableWork {
  return { turns: 0, requests: 0, toolCalls: 0, errors: 0, workMs: 0, usage: noUsage, cost: 0 };
}

function addWork(sum: MutableWork, part: WorkDelta): void {
  sum.turns += part.turns ?? 0;
  sum.requests += part.requests ?? 0;
  sum.toolCalls += part.toolCalls ?? 0;
  sum.errors += part.errors ?? 0;
  sum.cost += part.cost ?? 0;
  if (part.usage !== undefined)
    sum.usage = sum.usage === noUsage ? part.usage : addUsage(sum.usage, part.usage);
}
