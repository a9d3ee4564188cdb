import type { AgentwerkEvent, Clock, TicketKey, TicketStore } from "@agentwerk/core";

/** What happened to a ticket since the last call. */
export interface TicketChange {
  /** Present when it was filed: by whom, and for which other ticket. */
  readonly filed?:
    | { readonly reporter: string | undefined; readonly parent: TicketKey | undefined }
    | undefined;
  /** Whether it got its result. */
  readonly done: boolean;
}

/** The tickets that changed since the last call. */
export type TicketChanges = ReadonlyMap<TicketKey, TicketChange>;

type Listener = (changes: TicketChanges) => void;

/** Least milliseconds between two looks that writes of other processes cause. */
const remotePauseMs = 10;
const page = 1_000;

/**
 * Tells which tickets change, whichever process changes them. A notice of the store, local or remote, makes it read the
 * log from where it stopped; without listeners it reads nothing.
 */
export class TicketWatch {
  readonly #store: TicketStore;
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  readonly #ended = new AbortController();
  /** The id of the last event that listeners know of. */
  #cursor = 0;
  #isReading = false;
  #isStale = false;
  #isPausing = false;

  constructor({ store, clock }: { readonly store: TicketStore; readonly clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
    store.watch(({ origin }) => (origin === "local" ? this.#read() : this.#readSoon()), {
      signal: this.#ended.signal,
    });
  }

  /** Calls `listener` after every change from now on; it must not throw. The returned function ends it. */
  async observe(listener: Listener): Promise<() => void> {
    if (this.#listeners.size === 0) {
      const last = await lastEventId(this.#store, this.#cursor);
      // Who came meanwhile reads on from where it began: events in between are new to it.
      if (this.#listeners.size === 0) this.#cursor = last;
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#ended.abort();
    this.#listeners.clear();
  }

  #readSoon(): void {
    if (this.#isPausing || this.#listeners.size === 0) return;
    this.#isPausing = true;
    this.#clock.setTimer(() => {
      this.#isPausing = false;
      this.#read();
    }, remotePauseMs);
  }

  #read(): void {
    if (this.#listeners.size === 0) return;
    this.#isStale = true;
    if (this.#isReading) return;
    this.#isReading = true;
    // A store that was closed or is busy: the next notice reads what this one could not.
    this.#readAll()
      .catch(() => {})
      .finally(() => {
        this.#isReading = false;
      });
  }

  async #readAll(): Promise<void> {
    while (this.#isStale && !this.#ended.signal.aborted) {
      this.#isStale = false;
      const events = await this.#store.events({ after: this.#cursor, limit: page });
      const changes = new Map<TicketKey, TicketChange>();
      for (const event of events) {
        this.#cursor = Math.max(this.#cursor, event.id);
        if (event.ticket !== undefined)
          changes.set(event.ticket, afterEvent(changes.get(event.ticket), event));
      }
      if (events.length === page) this.#isStale = true;
      if (changes.size > 0) for (const listener of [...this.#listeners]) listener(changes);
    }
  }
}

function afterEvent(before: TicketChange | undefined, event: AgentwerkEvent): TicketChange {
  const filed =
    event.type === "ticket_created" ? { reporter: event.reporter, parent: event.parent } : before?.filed;
  return { filed, done: before?.done === true || event.type === "ticket_done" };
}

/** The id of the newest event, found by halving: the log is read forwards only. */
async function lastEventId(store: TicketStore, known: number): Promise<number> {
  const isBehind = async (id: number): Promise<boolean> =>
    (await store.events({ after: id, limit: 1 })).length > 0;
  let low = known;
  let step = 1;
  while (await isBehind(low + step)) {
    low += step;
    step *= 2;
  }
  let high = low + step;
  if (!(await isBehind(low))) return low;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await isBehind(middle)) low = middle;
    else high = middle;
  }
  return high;
}
