import type { Lease, Reservation, ReserveRequest, TicketStore } from "../store/ticket-store.ts";
import type { Envelope } from "../ticket/budget.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { Clock } from "../util/clock.ts";

/** A budget that requests draw from: an envelope, by its ticket, or the ceiling of the run. */
type Purse = TicketKey | undefined;

/** What a worker wishes to be set aside. */
interface ReservationWish {
  readonly lease: Lease;
  /** Of the ticket. */
  readonly envelopes: readonly Envelope[] | undefined;
  readonly request: ReserveRequest;
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly lease: Lease;
  readonly request: ReserveRequest;
  /** What it draws from. */
  readonly purses: readonly Purse[];
  /** Those that had no room when the store was last asked; before that, any of them may be. */
  behind: readonly Purse[];
  /** When to ask again at the latest. */
  until: number;
  readonly resolve: (answer: Settled) => void;
  readonly reject: (reason: unknown) => void;
}

/** Before a lease that stands in the way is looked at again: its store may have another clock than this process. */
const shortestWaitMs = 50;

/** What becomes of a wish in the end; `stopped` when the run ends first. */
export type Settled = Exclude<Reservation, { readonly kind: "wait" }> | { readonly kind: "stopped" };

/**
 * Asks the store for reservations. One that has to wait for others stands in a queue, in order, and those who come later
 * and draw from a budget that it waits for stand behind it, so that small requests do not starve a large one; whoever
 * draws from others goes past. After each transaction, here or elsewhere, and when a lease that stands in the way runs
 * out, those ask again who have nobody before them.
 */
export class ReservationQueue {
  readonly #reserve: TicketStore["reserve"];
  readonly #clock: Clock;
  readonly #queue = new Set<Waiting>();
  #asking = false;
  #askAgain = false;
  #isStopped = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: { readonly reserve: TicketStore["reserve"]; readonly clock: Clock }) {
    this.#reserve = options.reserve;
    this.#clock = options.clock;
  }

  async reserve({ lease, envelopes = [], request, signal }: ReservationWish): Promise<Settled> {
    signal.throwIfAborted();
    if (this.#isStopped) return { kind: "stopped" };
    const purses: Purse[] = envelopes.map(({ key }) => key);
    if (request.ceiling !== undefined) purses.push(undefined);
    let behind: readonly Purse[] = purses;
    if (!this.#isHeldUp(purses)) {
      const answer = await this.#reserve(lease, request);
      if (answer.kind !== "wait") return answer;
      ({ behind } = answer);
      signal.throwIfAborted();
    }
    return this.#wait({ lease, request, purses, behind }, signal);
  }

  /** Something was written: those who stand first may have room now. */
  wake(): void {
    if (this.#queue.size > 0) void this.#ask();
  }

  /** The run ends: nobody waits any longer. */
  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
    for (const { resolve } of this.#queue) resolve({ kind: "stopped" });
    this.#queue.clear();
  }

  #isHeldUp(purses: readonly Purse[]): boolean {
    for (const { behind } of this.#queue) if (behind.some((purse) => purses.includes(purse))) return true;
    return false;
  }

  async #wait(
    wish: Pick<Waiting, "lease" | "request" | "purses" | "behind">,
    signal: AbortSignal,
  ): Promise<Settled> {
    if (this.#isStopped) return { kind: "stopped" };
    const { promise, resolve, reject } = Promise.withResolvers<Settled>();
    const waiting: Waiting = { ...wish, until: Number.POSITIVE_INFINITY, resolve, reject };
    const onAbort = (): void => {
      this.#queue.delete(waiting);
      reject(signal.reason);
      this.wake();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#queue.add(waiting);
    // What stood in the way may be gone since it was asked about.
    void this.#ask();
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Asks for all that stand first, until each of them has to wait. */
  async #ask(): Promise<void> {
    this.#askAgain = true;
    if (this.#asking) return;
    this.#asking = true;
    this.#stopTimer();
    while (this.#askAgain && !this.#isStopped) {
      this.#askAgain = false;
      await Promise.all(this.#first().map((waiting) => this.#askFor(waiting)));
    }
    this.#asking = false;
    this.#askLater();
  }

  /** Those who wait for nothing that somebody before them waits for. */
  #first(): readonly Waiting[] {
    const taken = new Set<Purse>();
    const first: Waiting[] = [];
    for (const waiting of this.#queue) {
      if (!waiting.purses.some((purse) => taken.has(purse))) first.push(waiting);
      for (const purse of waiting.behind) taken.add(purse);
    }
    return first;
  }

  async #askFor(waiting: Waiting): Promise<void> {
    try {
      const answer = await this.#reserve(waiting.lease, waiting.request);
      if (answer.kind === "wait") {
        // Whoever stood behind it only for what it waits for no longer may be first now.
        this.#askAgain ||= waiting.behind.some((purse) => !answer.behind.includes(purse));
        waiting.behind = answer.behind;
        waiting.until = answer.until;
        return;
      }
      waiting.resolve(answer);
    } catch (reason) {
      waiting.reject(reason);
    }
    // Whoever stood behind it may be first now.
    this.#queue.delete(waiting);
    this.#askAgain = true;
  }

  #askLater(): void {
    const until = Math.min(...this.#first().map((waiting) => waiting.until));
    if (this.#isStopped || until === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer = this.#clock.setTimer(
      () => void this.#ask(),
      Math.max(shortestWaitMs, until - this.#clock.now()),
    );
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
