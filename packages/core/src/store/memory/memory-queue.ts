import { queuesOfTicket } from "../engine/claim-tickets.ts";
import type { TicketState } from "../rules/ticket-state.ts";
import { BinaryHeap } from "./binary-heap.ts";
import type { TicketRecord } from "./ticket-record.ts";

interface QueueEntry {
  readonly record: TicketRecord;
  /** The entry counts only while the record is still at this stay in the queue. */
  readonly stay: number;
  /** 0 or the time from which it can be claimed. */
  readonly at: number;
  readonly priority: number;
}

interface LeaseEntry {
  readonly record: TicketRecord;
  /** The entry counts only while this is the record's latest lease. */
  readonly lease: number;
  readonly until: number;
}

const byPriorityThenAge = (left: QueueEntry, right: QueueEntry): number =>
  right.priority - left.priority || left.record.number - right.record.number;
const byTime = (left: QueueEntry, right: QueueEntry): number => left.at - right.at;
const byEnd = (left: LeaseEntry, right: LeaseEntry): number => left.until - right.until;

interface LabelQueue {
  readonly ready: BinaryHeap<QueueEntry>;
  readonly later: BinaryHeap<QueueEntry>;
  /** With so many entries in one of them, those are dropped that no longer count. */
  sweepAt: number;
}

/** Entries that a queue may have before it is swept. */
const fewestSwept = 64;

/**
 * The tickets that can be claimed, by label, and the leases by their end.
 * Heaps with lazy removal: an entry that no longer counts is dropped when it comes to the top, or when the heap has twice
 * as many as counted at last.
 */
export class MemoryQueue {
  readonly #labels: Map<string, LabelQueue> = new Map();
  readonly #leases: BinaryHeap<LeaseEntry> = new BinaryHeap(byEnd);
  #leased = 0;

  /** How much is kept in all, for tests. */
  get entries(): number {
    let sum = this.#leases.size + this.#labels.size;
    for (const { ready, later } of this.#labels.values()) sum += ready.size + later.size;
    return sum;
  }

  move(record: TicketRecord, before: TicketState | undefined, after: TicketState): void {
    if (before?.leaseUntil !== after.leaseUntil) this.#moveLease(record, before, after);
    const isSamePlace =
      before !== undefined &&
      before.queuedAt === after.queuedAt &&
      before.priority === after.priority &&
      before.labels === after.labels;
    if (isSamePlace) return;
    record.stay += 1;
    if (before?.queuedAt !== undefined) this.#clearTops(before.labels);
    if (after.queuedAt === undefined) return;
    const entry = { record, stay: record.stay, at: after.queuedAt, priority: after.priority };
    for (const label of queuesOfTicket(after.labels)) {
      const queue = this.#queueOf(label);
      const heap = entry.at === 0 ? queue.ready : queue.later;
      heap.push(entry);
      if (heap.size <= queue.sweepAt) continue;
      heap.keep(counts);
      queue.sweepAt = Math.max(fewestSwept, 2 * heap.size);
    }
  }

  /** Takes the first tickets over all labels out of the heaps. */
  takeReady(labels: readonly string[], limit: number): TicketState[] {
    const taken: TicketState[] = [];
    const seen = new Set<TicketRecord>();
    while (taken.length < limit) {
      const entry = this.#popFirst(labels);
      if (entry === undefined) break;
      if (seen.has(entry.record)) continue;
      seen.add(entry.record);
      taken.push(entry.record.state);
    }
    return taken;
  }

  takeDue(labels: readonly string[], now: number): TicketState[] {
    const due: TicketState[] = [];
    for (const label of labels) {
      const later = this.#labels.get(label)?.later;
      if (later === undefined) continue;
      for (let first = later.peek(); first !== undefined && first.at <= now; first = later.peek()) {
        later.pop();
        if (counts(first)) due.push(first.record.state);
      }
    }
    return due;
  }

  takeExpired(now: number): TicketState[] {
    const expired: TicketState[] = [];
    for (
      let first = this.#leases.peek();
      first !== undefined && first.until <= now;
      first = this.#leases.peek()
    ) {
      this.#leases.pop();
      if (holds(first)) expired.push(first.record.state);
    }
    return expired;
  }

  /** What can be claimed now in the queues of `labels`; a ticket of several labels comes several times. */
  *claimable(labels: readonly string[], now: number): Iterable<TicketState> {
    for (const label of labels) {
      const queue = this.#labels.get(label);
      if (queue === undefined) continue;
      for (const entry of queue.ready.items()) if (counts(entry)) yield entry.record.state;
      for (const entry of queue.later.items()) if (entry.at <= now && counts(entry)) yield entry.record.state;
    }
  }

  /** When the next of the later ones can be claimed; infinite when there is none. */
  nextDueAfter(labels: readonly string[], now: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const label of labels) {
      for (const entry of this.#labels.get(label)?.later.items() ?? []) {
        if (entry.at > now && entry.at < next && counts(entry)) next = entry.at;
      }
    }
    return next;
  }

  *leases(): Iterable<TicketState> {
    for (const entry of this.#leases.items()) if (holds(entry)) yield entry.record.state;
  }

  #moveLease(record: TicketRecord, before: TicketState | undefined, after: TicketState): void {
    if (before?.leaseUntil !== undefined) this.#leased -= 1;
    record.lease += 1;
    if (after.leaseUntil === undefined) return;
    this.#leased += 1;
    this.#leases.push({ record, lease: record.lease, until: after.leaseUntil });
    if (this.#leases.size > 64 && this.#leases.size > 4 * this.#leased) this.#leases.keep(holds);
  }

  #popFirst(labels: readonly string[]): QueueEntry | undefined {
    let best: BinaryHeap<QueueEntry> | undefined;
    let bestEntry: QueueEntry | undefined;
    for (const label of labels) {
      const ready = this.#labels.get(label)?.ready;
      if (ready === undefined) continue;
      const entry = firstThatCounts(ready);
      if (entry === undefined) continue;
      if (bestEntry === undefined || byPriorityThenAge(entry, bestEntry) < 0) {
        best = ready;
        bestEntry = entry;
      }
    }
    best?.pop();
    return bestEntry;
  }

  /** A ticket of several labels left the queue by one of them; labels that nobody takes from would keep it. */
  #clearTops(labels: readonly string[]): void {
    for (const label of queuesOfTicket(labels)) {
      const queue = this.#labels.get(label);
      if (queue === undefined) continue;
      const isEmpty =
        firstThatCounts(queue.ready) === undefined && firstThatCounts(queue.later) === undefined;
      if (isEmpty) this.#labels.delete(label);
    }
  }

  #queueOf(label: string): LabelQueue {
    const known = this.#labels.get(label);
    if (known !== undefined) return known;
    const created = {
      ready: new BinaryHeap(byPriorityThenAge),
      later: new BinaryHeap(byTime),
      sweepAt: fewestSwept,
    };
    this.#labels.set(label, created);
    return created;
  }
}

function firstThatCounts(heap: BinaryHeap<QueueEntry>): QueueEntry | undefined {
  for (let first = heap.peek(); first !== undefined; first = heap.peek()) {
    if (counts(first)) return first;
    heap.pop();
  }
  return undefined;
}

function counts(entry: QueueEntry): boolean {
  return entry.stay === entry.record.stay && entry.record.state.queuedAt === entry.at;
}

function holds(entry: LeaseEntry): boolean {
  return entry.lease === entry.record.lease;
}
