import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import { arrange, matchesCondition } from "../../query/match-query.ts";
import { type Amounts, noAmounts } from "../../ticket/budget.ts";
import type { Reply, ReplyDraft } from "../../ticket/reply.ts";
import { isFinal, type Ticket } from "../../ticket/ticket.ts";
import { type TicketKey, ticketKeyOf, ticketNumberOf } from "../../ticket/ticket-key.ts";
import type { Encoded, Later, Tables } from "../engine/tables.ts";
import type { BudgetWindow } from "../rules/budget-window.ts";
import { asksForOpenOnly, matchesFilter } from "../rules/match-filter.ts";
import { allLabels, amountsOf, type TallyBook } from "../rules/tally-book.ts";
import { type TicketBody, type TicketEnd, type TicketState, toTicket } from "../rules/ticket-state.ts";
import type { TicketFilter } from "../ticket-store.ts";
import { MemoryQueue } from "./memory-queue.ts";
import type { TicketRecord } from "./ticket-record.ts";

/** Tickets, replies and the queue in maps and heaps. */
export class MemoryTables implements Tables {
  readonly queue: MemoryQueue = new MemoryQueue();
  /** By insertion, which is the order of the keys. */
  readonly #records: Map<TicketKey, TicketRecord> = new Map();
  readonly #open: Map<TicketKey, TicketRecord> = new Map();
  /** By parent; outlives a pruned parent. */
  readonly #children: Map<TicketKey, Set<TicketKey>> = new Map();
  readonly #byIdempotencyKey: Map<string, TicketKey> = new Map();
  readonly #reserved: Map<TicketKey, TicketRecord> = new Map();
  #window: BudgetWindow | undefined;
  #lastNumber = 0;

  /** How much is kept in all, for tests. */
  get entries(): number {
    const maps = [this.#records, this.#open, this.#children, this.#byIdempotencyKey, this.#reserved];
    return maps.reduce((sum, { size }) => sum + size, this.queue.entries);
  }

  load(key: TicketKey): TicketState | undefined {
    return this.#records.get(key)?.state;
  }

  save(before: TicketState | undefined, after: TicketState): void {
    const record = this.#recordOf(after.key);
    record.state = after;
    this.queue.move(record, before, after);
    if (before?.reserved !== after.reserved) this.#moveReservation(record, after);
    if (before?.status === after.status) return;
    if (isFinal(after.status)) this.#open.delete(after.key);
    else this.#open.set(after.key, record);
    if (before === undefined && after.parent !== undefined) this.#addChild(after.parent, after.key);
  }

  nextKey(): TicketKey {
    this.#lastNumber += 1;
    return ticketKeyOf(this.#lastNumber);
  }

  addBody(state: TicketState, { value }: Encoded<TicketBody>): void {
    const { key } = state;
    if (value.idempotencyKey !== undefined) this.#byIdempotencyKey.set(value.idempotencyKey, key);
    this.#records.set(key, {
      number: ticketNumberOf(key),
      state,
      body: value,
      end: undefined,
      replies: [],
      dependents: [],
      stay: 0,
      lease: 0,
    });
  }

  replaceBody(key: TicketKey, { value }: Encoded<TicketBody>): void {
    this.#recordOf(key).body = value;
  }

  body(key: TicketKey): TicketBody {
    return this.#recordOf(key).body;
  }

  ticketOf(state: TicketState): Later<Ticket> {
    const { body, end } = this.#recordOf(state.key);
    return () => toTicket(state, body, end);
  }

  keyOfIdempotencyKey(idempotencyKey: string): TicketKey | undefined {
    return this.#byIdempotencyKey.get(idempotencyKey);
  }

  addBlockers(blocked: TicketKey, blockers: readonly TicketKey[]): void {
    for (const blocker of blockers) this.#recordOf(blocker).dependents.push(blocked);
  }

  dependentsOf(blocker: TicketKey): readonly TicketKey[] {
    return this.#recordOf(blocker).dependents;
  }

  takeDependents(blocker: TicketKey): readonly TicketKey[] {
    const record = this.#recordOf(blocker);
    const { dependents } = record;
    record.dependents = [];
    return dependents;
  }

  appendReplies(key: TicketKey, first: number, { value }: Encoded<readonly ReplyDraft[]>, at: number): void {
    const { replies } = this.#recordOf(key);
    for (const [place, draft] of value.entries()) replies.push({ ...draft, index: first + place, at });
  }

  repliesOf(state: TicketState, from: number): Later<readonly Reply[]> {
    const replies = this.#recordOf(state.key).replies.slice(from, state.replies);
    return () => replies;
  }

  setEnd(key: TicketKey, { value }: Encoded<TicketEnd>): void {
    this.#recordOf(key).end = value;
  }

  clearEnd(key: TicketKey): void {
    this.#recordOf(key).end = undefined;
  }

  reservations(): readonly TicketState[] {
    return [...this.#reserved.values()].map(({ state }) => state);
  }

  spent(tally: TallyBook, envelope: TicketKey | undefined): Amounts {
    if (envelope === undefined) return amountsOf(tally.sums.get(allLabels));
    return tally.envelopes.get(envelope) ?? noAmounts;
  }

  budgetWindow(): BudgetWindow | undefined {
    return this.#window;
  }

  keepBudgetWindow(window: BudgetWindow | undefined): void {
    this.#window = window;
  }

  leasesUntil(now: number): readonly TicketState[] {
    return this.queue.takeExpired(now);
  }

  dueUntil(labels: readonly string[], now: number): readonly TicketState[] {
    return this.queue.takeDue(labels, now);
  }

  ready(labels: readonly string[], limit: number): readonly TicketState[] {
    return this.queue.takeReady(labels, limit);
  }

  find(filter: TicketFilter): Ticket[] {
    const { where, orderBy = [], limit } = filter;
    const found: Ticket[] = [];
    const enough = orderBy.length === 0 ? (limit ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
    for (const record of this.#candidates(filter)) {
      if (found.length >= enough) break;
      if (!matchesFilter(record.state, filter)) continue;
      const ticket = toTicket(record.state, record.body, record.end);
      if (matchesCondition(ticket, where)) found.push(ticket);
    }
    return orderBy.length === 0 ? found : [...arrange(found, { orderBy, limit })];
  }

  /** Only final tickets that no open ticket waits for. */
  prune(filter: TicketFilter): number {
    let pruned = 0;
    const limit = filter.limit ?? Number.POSITIVE_INFINITY;
    for (const record of this.#candidates(filter)) {
      if (pruned >= limit) break;
      if (!isFinal(record.state.status) || !matchesFilter(record.state, filter)) continue;
      if (!matchesCondition(toTicket(record.state, record.body, record.end), filter.where)) continue;
      if (record.dependents.some((key) => this.#open.has(key))) continue;
      this.#remove(record);
      pruned += 1;
    }
    return pruned;
  }

  #remove({ state, body }: TicketRecord): void {
    this.#records.delete(state.key);
    if (body.idempotencyKey !== undefined) this.#byIdempotencyKey.delete(body.idempotencyKey);
    if (state.parent !== undefined) this.#removeChild(state.parent, state.key);
  }

  #moveReservation(record: TicketRecord, { key, reserved }: TicketState): void {
    if (reserved === undefined) this.#reserved.delete(key);
    else this.#reserved.set(key, record);
  }

  #addChild(parent: TicketKey, child: TicketKey): void {
    const siblings = this.#children.get(parent);
    if (siblings === undefined) this.#children.set(parent, new Set([child]));
    else siblings.add(child);
  }

  #removeChild(parent: TicketKey, child: TicketKey): void {
    const siblings = this.#children.get(parent);
    siblings?.delete(child);
    if (siblings?.size === 0) this.#children.delete(parent);
  }

  #candidates(filter: TicketFilter): Iterable<TicketRecord> {
    if (filter.keys !== undefined) return this.#named(filter.keys);
    if (filter.parent !== undefined) return this.#named(this.#children.get(filter.parent) ?? []);
    if (asksForOpenOnly(filter)) return sorted([...this.#open.values()]);
    return this.#records.values();
  }

  #named(keys: Iterable<TicketKey>): TicketRecord[] {
    const records = [...new Set(keys)].map((key) => this.#records.get(key));
    return sorted(records.filter((record) => record !== undefined));
  }

  #recordOf(key: TicketKey): TicketRecord {
    const record = this.#records.get(key);
    if (record !== undefined) return record;
    throw new AgentwerkError({
      code: "store_corrupt",
      message: `${key} vanished from the memory store within an operation. Please report this as a bug.`,
    });
  }
}

/** Tickets that were retried came back late, so the map of open ones is not in the order of the keys. */
function sorted(records: TicketRecord[]): TicketRecord[] {
  return records.sort((left, right) => left.number - right.number);
}
