import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { StoreNotice, TicketStore } from "../store/ticket-store.ts";
import { isFinal, type Ticket } from "../ticket/ticket.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { Clock } from "../util/clock.ts";
import type { Explanation } from "./explain-ticket.ts";
import { TicketError } from "./ticket-error.ts";

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
  readonly #isOver: () => boolean;
  readonly #explain: (ticket: Ticket) => Promise<Explanation>;
  #looking = false;

  constructor(options: {
    readonly store: TicketStore;
    readonly clock: Clock;
    /** Whether nobody here goes on working. */
    readonly isOver: () => boolean;
    readonly explain: (ticket: Ticket) => Promise<Explanation>;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#isOver = options.isOver;
    this.#explain = options.explain;
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

  /** Nobody here goes on working: those who wait for an open ticket are told why instead of being left waiting. */
  async dismiss(): Promise<void> {
    const keys = [...this.#waiters.keys()];
    const tickets = keys.length === 0 ? [] : await this.#store.find({ keys }).catch(() => []);
    await Promise.all(
      tickets.map((ticket) => (isFinal(ticket.status) ? undefined : this.#dismissOne(ticket))),
    );
  }

  async #dismissOne(ticket: Ticket): Promise<void> {
    const { key } = ticket;
    const { message } = await this.#explain(ticket);
    const code = "ticket_unfinished";
    this.#reject(
      key,
      new TicketError({ code, ticket: key, message: `The run ended before the ticket: ${message}` }),
    );
  }

  rejectAll(reason: unknown): void {
    for (const key of this.#waiters.keys()) this.#reject(key, reason);
  }

  #reject(key: TicketKey, reason: unknown): void {
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
      this.#look([...this.#waiters.keys()]);
    }, remotePauseMs);
  }

  #look(keys: readonly TicketKey[]): void {
    if (keys.length === 0) return;
    this.#store.find({ keys }).then(
      (tickets) => {
        for (const ticket of tickets) this.#take(ticket);
        const found = new Set(tickets.map(({ key }) => key));
        for (const key of keys) {
          if (!found.has(key)) this.#reject(key, ticketGone(key));
        }
      },
      (error: unknown) => {
        for (const key of keys) this.#reject(key, error);
      },
    );
  }

  #take(ticket: Ticket): void {
    if (isFinal(ticket.status)) {
      for (const waiter of this.#waiters.get(ticket.key) ?? []) waiter.resolve(ticket);
    } else if (this.#isOver()) {
      this.#dismissOne(ticket).catch((error: unknown) => this.#reject(ticket.key, error));
    }
  }
}

function ticketGone(key: TicketKey): AgentwerkError {
  return new AgentwerkError({
    code: "not_found",
    message: `${key} is no longer in the store; it was pruned.`,
  });
}
