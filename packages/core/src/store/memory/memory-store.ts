import type { AgentwerkEvent } from "../../event/event.ts";
import { type Clock, systemClock } from "../../util/clock.ts";
import { checkWants } from "../engine/encode-change.ts";
import { Listeners } from "../engine/listeners.ts";
import { readAccount } from "../engine/reserve.ts";
import type { Encode, EventBatch } from "../engine/tables.ts";
import { Transaction } from "../engine/transaction.ts";
import { type Run, writeOperations } from "../engine/write-operations.ts";
import { checkName } from "../rules/check-draft.ts";
import { checkFilter, checkLimit } from "../rules/check-filter.ts";
import { storeClosed, ticketNotFound } from "../rules/store-errors.ts";
import { TallyBook, toTotals } from "../rules/tally-book.ts";
import type { TicketStore } from "../ticket-store.ts";
import { EventLog } from "./event-log.ts";
import { memoryOutlook } from "./memory-outlook.ts";
import { MemoryTables } from "./memory-tables.ts";

export interface MemoryStoreOptions {
  /** `default` unless given. */
  readonly namespace?: string | undefined;
  readonly clock?: Clock | undefined;
}

/** Values are kept as they are. */
const encode: Encode = () => "";

/** A store that lives and dies with the process: for tests and for runs that need no memory of themselves. */
export function memoryStore(options: MemoryStoreOptions = {}): TicketStore {
  const { clock = systemClock } = options;
  const namespace = checkName(options.namespace ?? "default", "namespace");
  const tables = new MemoryTables();
  const tally = new TallyBook();
  const log = new EventLog();
  const listeners = new Listeners();
  let isClosed = false;

  const checkOpen = (): void => {
    if (isClosed) throw storeClosed();
  };
  const run: Run = async (work) => {
    checkOpen();
    const tx = new Transaction({ tables, now: clock.now(), encode, tally });
    const later = work(tx);
    tx.flush();
    const result = later();
    record(tx.batches, tx.now);
    return result;
  };
  const record = (batches: readonly EventBatch[], at: number): void => {
    const events: AgentwerkEvent[] = [];
    for (const batch of batches) for (const { value } of batch.events) events.push(log.append(value, at));
    if (events.length > 0) listeners.tell({ origin: "local", events });
  };

  return {
    namespace,
    ...writeOperations(run, encode),
    async get(key) {
      checkOpen();
      const state = tables.load(key);
      return state === undefined ? undefined : tables.ticketOf(state)();
    },
    async find(filter) {
      checkOpen();
      checkFilter(filter);
      return tables.find(filter);
    },
    async replies(key) {
      checkOpen();
      const state = tables.load(key);
      if (state === undefined) throw ticketNotFound(key);
      return tables.repliesOf(state, 0)();
    },
    async events(query) {
      checkOpen();
      checkLimit(query.limit, "limit");
      return log.select(query);
    },
    async totals() {
      checkOpen();
      return toTotals(tally.sums);
    },
    async account(envelope) {
      checkOpen();
      return readAccount(tables, tally, envelope);
    },
    async outlook(wants) {
      checkOpen();
      checkWants(wants);
      return memoryOutlook({ queue: tables.queue, open: tally.open, wants, now: clock.now() });
    },
    async prune(filter) {
      checkOpen();
      checkFilter(filter);
      return tables.prune(filter);
    },
    watch(listener, { signal } = {}) {
      checkOpen();
      listeners.add(listener, signal);
    },
    async close() {
      isClosed = true;
      listeners.clear();
    },
  };
}
