import type { Lease, Reservation, ReserveRequest, TicketStore } from "../store/ticket-store.ts";
import type { Clock } from "../util/clock.ts";

interface Waiting {
  readonly lease: Lease;
  readonly request: ReserveRequest;
  readonly resolve: (answer: Settled) => void;
  readonly reject: (reason: unknown) => void;
}

/** Before a lease that stands in the way is looked at again: its store may have another clock than this process. */
const shortestWaitMs = 50;

/** What becomes of a wish in the end; `stopped` when the run ends first. */
export type Settled = Exclude<Reservation, { readonly kind: "wait" }> | { readonly kind: "stopped" };

/**
 * Asks the store for reservations. One that has to wait for others stands in a queue, in order, and those who come later
 * stand behind it, so that small requests do not starve a large one. After each transaction, here or elsewhere, and when
 * a lease that stands in the way runs out, the first in the queue asks again.
 */
export class ReservationQueue {
  readonly #store: TicketStore;
  readonly #clock: Clock;
  #queue: Waiting[] = [];
  #asking = false;
  #askAgain = false;
  #isStopped = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: { readonly store: TicketStore; readonly clock: Clock }) {
    this.#store = options.store;
    this.#clock = options.clock;
  }

  async reserve(lease: Lease, request: ReserveRequest, signal: AbortSignal): Promise<Settled> {
    signal.throwIfAborted();
    if (this.#isStopped) return { kind: "stopped" };
    if (this.#queue.length === 0) {
      const answer = await this.#store.reserve(lease, request);
      if (answer.kind !== "wait") return answer;
      signal.throwIfAborted();
    }
    return this.#wait(lease, request, signal);
  }

  /** Something was written: the first in the queue may have room now. */
  wake(): void {
    if (this.#queue.length > 0) void this.#ask();
  }

  /** The run ends: nobody waits any longer. */
  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
    for (const { resolve } of this.#queue.splice(0)) resolve({ kind: "stopped" });
  }

  async #wait(lease: Lease, request: ReserveRequest, signal: AbortSignal): Promise<Settled> {
    if (this.#isStopped) return { kind: "stopped" };
    const promised = Promise.withResolvers<Settled>();
    const waiting: Waiting = { lease, request, resolve: promised.resolve, reject: promised.reject };
    const onAbort = (): void => {
      this.#queue = this.#queue.filter((other) => other !== waiting);
      promised.reject(signal.reason);
      this.wake();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#queue.push(waiting);
    // What stood in the way may be gone since it was asked about.
    void this.#ask();
    try {
      return await promised.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Asks for one after the other, until one has to wait. */
  async #ask(): Promise<void> {
    this.#askAgain = true;
    if (this.#asking) return;
    this.#asking = true;
    this.#stopTimer();
    while (this.#askAgain && !this.#isStopped) {
      this.#askAgain = false;
      const [first] = this.#queue;
      if (first === undefined) break;
      const until = await this.#askFor(first);
      if (until === undefined) this.#askAgain = true;
      else if (!this.#askAgain) this.#askAt(until);
    }
    this.#asking = false;
  }

  /** Answers when to ask again, if it has to wait. */
  async #askFor(first: Waiting): Promise<number | undefined> {
    try {
      const answer = await this.#store.reserve(first.lease, first.request);
      if (answer.kind === "wait") return answer.until;
      first.resolve(answer);
    } catch (reason) {
      first.reject(reason);
    }
    this.#queue = this.#queue.filter((other) => other !== first);
    return undefined;
  }

  #askAt(time: number): void {
    if (this.#isStopped) return;
    this.#cancelTimer = this.#clock.setTimer(
      () => void this.#ask(),
      Math.max(shortestWaitMs, time - this.#clock.now()),
    );
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
