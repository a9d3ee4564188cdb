import { resolve } from "node:path";
import { toErrorMessage } from "../../errors/to-error-message.ts";
import type { AgentwerkEvent } from "../../event/event.ts";
import { type Clock, sleep, systemClock } from "../../util/clock.ts";
import { Listeners } from "../engine/listeners.ts";
import type { Encode, EventBatch } from "../engine/tables.ts";
import { Transaction } from "../engine/transaction.ts";
import { writeOperations } from "../engine/write-operations.ts";
import { checkName } from "../rules/check-draft.ts";
import { checkFilter } from "../rules/check-filter.ts";
import { invalidInput, storeClosed } from "../rules/store-errors.ts";
import { TallyBook } from "../rules/tally-book.ts";
import type { TicketFilter, TicketStore } from "../ticket-store.ts";
import { type Durability, openDatabase } from "./open-database.ts";
import { openNamespace } from "./open-namespace.ts";
import { pruneTickets } from "./prune-tickets.ts";
import { readOnlyStore } from "./read-only-store.ts";
import { readOperations, retryWhileBusy } from "./read-operations.ts";
import { reclaimablePages, reclaimPages, truncateFiles } from "./reclaim-space.ts";
import { rollBack } from "./roll-back.ts";
import { SqliteTables } from "./sqlite-tables.ts";
import { prepareStatements } from "./statements.ts";
import { touchFile, watchFile } from "./watch-file.ts";
import { type GroupTransaction, WriteQueue } from "./write-queue.ts";

export interface SqliteStoreOptions {
  /** The database file; made with its directory when there is none. It has to be on a local disk. */
  readonly path: string;
  /** `default` unless given. */
  readonly namespace?: string | undefined;
  /** `full` unless given: see {@link Durability}. */
  readonly durability?: Durability | undefined;
  readonly clock?: Clock | undefined;
  /** How long an operation waits for other processes before it is refused with `store_busy`; 30 s unless given. */
  readonly busyTimeoutMs?: number | undefined;
  /**
   * Only looks: the file has to be there, with the schema of this version, and every write is refused as `unsupported`.
   * Nobody needs the right to write to it; a folder that may not be written is read as it stands, while nobody writes.
   */
  readonly readOnly?: boolean | undefined;
  /** The file grows no further; writes that would need more are refused with `store_full`. Without limit unless given. */
  readonly maxBytes?: number | undefined;
}

const encode: Encode = (value) => JSON.stringify(value);
/** Tickets that one transaction of `prune` removes, so that others get their turn. */
const pruneStep = 200;
/** Pause between such transactions: others wait for the lock in short naps. */
const breatherMs = 4;

/**
 * A store in one SQLite file, for several processes on one machine.
 * @throws AgentwerkError `store_unavailable`, `store_corrupt`, `store_busy` or `unsupported` when the file cannot be opened, `not_found` when
 * it is not there and only looked at; nothing was changed then.
 */
export function sqliteStore(options: SqliteStoreOptions): TicketStore {
  const { durability = "full", clock = systemClock, busyTimeoutMs = 30_000 } = options;
  const namespace = checkName(options.namespace ?? "default", "namespace");
  if (typeof options.path !== "string" || options.path === "")
    throw invalidInput("path", "has to name a file.");
  const path = resolve(options.path);
  if (options.readOnly === true) return readOnlyStore({ path, namespace, clock, busyTimeoutMs, encode });
  const database = openDatabase({ path, durability, maxBytes: options.maxBytes });
  const namespaceId = openNamespace(database, { name: namespace, path });
  const sql = prepareStatements(database);
  const tables = new SqliteTables(sql, namespaceId);
  const listeners: Listeners = new Listeners({
    onFirst: () => {
      stopWatching = watchFile({ database, path, onRemote: () => listeners.tell({ origin: "remote" }) });
    },
    onLast: () => stopWatching(),
  });
  let stopWatching = (): void => undefined;
  let closing: Promise<void> | undefined;
  let isClosed = false;

  const notify = (batches: readonly EventBatch[], firstId: number, at: number): void => {
    if (batches.length === 0) return;
    touchFile(path);
    if (listeners.isEmpty) return;
    const drafts = batches.flatMap((batch) => batch.events);
    const events = drafts.map(({ value }, place): AgentwerkEvent => ({ id: firstId + place, at, ...value }));
    listeners.tell({ origin: "local", events });
  };
  const begin = ({ fleeting }: { readonly fleeting: boolean }): GroupTransaction => {
    synchronize(durability === "full" && !fleeting);
    sql.begin.run();
    tables.begin();
    const tx = new Transaction({ tables, now: clock.now(), encode, tally: new TallyBook() });
    return {
      tx,
      commit() {
        tx.flush();
        const firstId = tables.finish(tx.batches, tx.tally, tx.now);
        sql.commit.run();
        return () => notify(tx.batches, firstId, tx.now);
      },
    };
  };
  let isSynchronous = durability === "full";
  const synchronize = (wanted: boolean): void => {
    if (wanted === isSynchronous) return;
    database.exec(`PRAGMA synchronous = ${wanted ? "FULL" : "NORMAL"}`);
    isSynchronous = wanted;
  };
  const queue = new WriteQueue({ path, busyTimeoutMs, begin, rollback: () => rollBack(database) });

  /** Reads after everything that this process wrote before. */
  const read = async <T>(work: () => T): Promise<T> => {
    if (closing !== undefined) throw storeClosed();
    await queue.settle();
    return retryWhileBusy(work, { path, busyTimeoutMs, check: checkNotClosed });
  };
  const checkNotClosed = (): void => {
    if (isClosed) throw storeClosed();
  };
  const prune = async (filter: TicketFilter): Promise<number> => {
    const most = filter.limit ?? Number.POSITIVE_INFINITY;
    let pruned = 0;
    while (pruned < most) {
      const step = Math.min(pruneStep, most - pruned);
      const removed = await queue.run((tx) => {
        tx.flush();
        const count = pruneTickets(database, namespaceId, filter, step);
        return () => count;
      });
      pruned += removed;
      if (removed < step) break;
      await sleep(breatherMs, { clock: systemClock });
    }
    if (pruned > 0) await reclaim().catch(warnOfSpace);
    return pruned;
  };
  const warnOfSpace = (error: unknown): void => {
    if (closing !== undefined) return;
    const message = `Tickets were pruned, but ${path} could not give their space back: ${toErrorMessage(error)} It is used again.`;
    process.emitWarning(message, "AgentwerkWarning");
  };
  const reclaim = async (): Promise<void> => {
    let left = reclaimablePages(database);
    while (left > 0) {
      const before = left;
      left = await queue.run((tx) => {
        tx.flush();
        reclaimPages(database);
        return () => reclaimablePages(database);
      });
      if (left >= before) break;
      await sleep(breatherMs, { clock: systemClock });
    }
    if (!isClosed) truncateFiles(database);
  };

  return {
    namespace,
    ...writeOperations(queue.run, encode),
    ...readOperations({ database, sql, tables, namespaceId, clock, read }),
    async prune(filter) {
      checkFilter(filter);
      return prune(filter);
    },
    watch(listener, { signal } = {}) {
      if (closing !== undefined) throw storeClosed();
      listeners.add(listener, signal);
    },
    close() {
      closing ??= queue.close().then(() => {
        listeners.clear();
        isClosed = true;
        database.close();
      });
      return closing;
    },
  };
}
