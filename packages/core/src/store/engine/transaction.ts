import { type EventDraft, transientEventTypes } from "../../event/event.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import type { TallyBook } from "../rules/tally-book.ts";
import { queuePlace, type TicketState } from "../rules/ticket-state.ts";
import type { Encode, Encoded, EventBatch, Tables } from "./tables.ts";

interface Entry {
  before: TicketState | undefined;
  after: TicketState;
}

/**
 * The work of one transaction: each ticket is loaded once and written once, however many operations change it,
 * and the events and sums are collected for its end. Operations check before they change, so one that is refused
 * leaves nothing behind and the others of the same transaction go on.
 */
export class Transaction {
  readonly tables: Tables;
  readonly now: number;
  readonly encode: Encode;
  readonly tally: TallyBook;
  readonly batches: EventBatch[] = [];
  readonly #entries: Map<TicketKey, Entry> = new Map();
  #dirty: Entry[] = [];
  readonly #checked: Set<string> = new Set();

  constructor(options: { tables: Tables; now: number; encode: Encode; tally: TallyBook }) {
    this.tables = options.tables;
    this.now = options.now;
    this.encode = options.encode;
    this.tally = options.tally;
  }

  load(key: TicketKey): TicketState | undefined {
    const known = this.#entries.get(key);
    if (known !== undefined) return known.after;
    const state = this.tables.load(key);
    if (state !== undefined) this.#entries.set(key, { before: state, after: state });
    return state;
  }

  /** Takes in a state that came out of a query; what this transaction already knows is newer. */
  adopt(state: TicketState): TicketState {
    const known = this.#entries.get(state.key);
    if (known !== undefined) return known.after;
    this.#entries.set(state.key, { before: state, after: state });
    return state;
  }

  /** For a loaded, adopted or new ticket. Its place in the queue follows from the rest of the state. */
  save(changed: TicketState): TicketState {
    const place = queuePlace(changed, this.now);
    const after = place === changed.queuedAt ? changed : { ...changed, queuedAt: place };
    const entry = this.#entries.get(after.key);
    if (entry === undefined) {
      const created: Entry = { before: undefined, after };
      this.#entries.set(after.key, created);
      this.#dirty.push(created);
      return after;
    }
    if (entry.before === entry.after) this.#dirty.push(entry);
    entry.after = after;
    return after;
  }

  /** Writes what changed so far; before queries that have to see it, and at the end. */
  flush(): void {
    if (this.#dirty.length === 0) return;
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const entry of dirty) {
      this.tables.save(entry.before, entry.after);
      this.tally.record(entry.before, entry.after);
      entry.before = entry.after;
    }
  }

  /** Whether this is the first question for `name`: what time alone changes, changes once in a transaction. */
  isFirst(name: string): boolean {
    if (this.#checked.has(name)) return false;
    this.#checked.add(name);
    return true;
  }

  emit(event: EventDraft): void {
    this.emitEncoded({ value: event, text: this.encode(event) });
  }

  emitEncoded(event: Encoded<EventDraft>): void {
    if (transientEventTypes.has(event.value.type)) return;
    const last = this.batches.at(-1);
    if (last !== undefined && last.ticket === event.value.ticket) last.events.push(event);
    else this.batches.push({ ticket: event.value.ticket, events: [event] });
  }
}
