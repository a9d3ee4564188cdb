import type { StoreNotice, TicketStore } from "../store/ticket-store.ts";
import { isFinal, type Ticket } from "../ticket/ticket.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { Clock } from "../util/clock.ts";

interface Waiter {
  readonly key: TicketKey;
  readonly resolve: (ticket: Ticket) => void;
  readonly reject: (reason: unknown) => void;
}

/** Least milliseconds between two looks that writes of other processes cause. */
const remotePauseMs = 10;

/** Those who wait for a ticket to become final, woken by events of this process and by writes of others. */
export class TicketWaiters {
  readonly #store: TicketStore;
  readonly #clock: Clock;
  readonly #waiters = new Map<TicketKey, Set<Waiter>>();
  readonly #onOpen: (ticket: Ticket) => void;
  #looking = false;

  constructor(options: {
    readonly store: TicketStore;
    readonly clock: Clock;
    /** Told of a ticket that is waited for and found open. */
    readonly onOpen: (ticket: Ticket) => void;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#onOpen = options.onOpen;
  }

  /** Resolves with the final ticket; rejects when the signal aborts or `rejectAll` is called. */
  async wait(key: TicketKey, signal?: AbortSignal): Promise<Ticket> {
    signal?.throwIfAborted();
    const promised = Promise.withResolvers<Ticket>();
    const waiter: Waiter = { key, resolve: promised.resolve, reject: promised.reject };
    const onAbort = (): void => promised.reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    const waiters = this.#waiters.get(key) ?? new Set();
    this.#waiters.set(key, waiters.add(waiter));
    try {
      this.#look([key]);
      return await promised.promise;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      waiters.delete(waiter);
      if (waiters.size === 0) this.#waiters.delete(key);
    }
  }

  /** Open tickets that somebody waits for. */
  get keys(): readonly TicketKey[] {
    return [...this.#waiters.keys()];
  }

  reject(key: TicketKey, reason: unknown): void {
    for (const waiter of this.#waiters.get(key) ?? []) waiter.reject(reason);
  }

  notice(notice: StoreNotice): void {
    if (this.#waiters.size === 0) return;
    if (notice.origin === "remote") {
      this.#lookSoon();
      return;
    }
    const ended: TicketKey[] = [];
    for (const { type, ticket } of notice.events) {
      if (type !== "ticket_done" && type !== "ticket_failed" && type !== "ticket_cancelled") continue;
      if (ticket !== undefined && this.#waiters.has(ticket)) ended.push(ticket);
    }
    this.#look(ended);
  }

  #lookSoon(): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#clock.setTimer(() => {
      this.#looking = false;
      this.#look(this.keys);
    }, remotePauseMs);
  }

  #look(keys: readonly TicketKey[]): void {
    if (keys.length === 0) return;
    this.#store.find({ keys }).then(
      (tickets) => {
        for (const ticket of tickets) {
          if (!isFinal(ticket.status)) this.#onOpen(ticket);
          else for (const waiter of this.#waiters.get(ticket.key) ?? []) waiter.resolve(ticket);
        }
      },
      (error: unknown) => {
        for (const key of keys) this.reject(key, error);
      },
    );
  }
}
