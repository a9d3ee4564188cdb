import { resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import { ticketKeyOf } from "../../ticket/ticket-key.ts";
import { type Clock, systemClock } from "../../util/clock.ts";
import type { StoreArchive, StoreSnapshot } from "../archive/store-archive.ts";
import { wholeStream } from "../archive/whole-stream.ts";
import { checkName } from "../rules/check-draft.ts";
import { openDatabase, openTimeoutMs } from "./open-database.ts";
import { openNamespace } from "./open-namespace.ts";
import { openUnlocked, type ReadOnlyDatabase } from "./open-unlocked.ts";
import { readRecords } from "./read-records.ts";
import { rollBack } from "./roll-back.ts";
import { toStoreError } from "./sqlite-errors.ts";
import { SqliteTables } from "./sqlite-tables.ts";
import { prepareStatements } from "./statements.ts";
import { namespaceSpan, numberIn, textIn } from "./ticket-row.ts";
import { RecordWriter } from "./write-records.ts";

export interface SqliteArchiveOptions {
  readonly path: string;
  /** `default` unless given. */
  readonly namespace?: string | undefined;
  /** Says which leases have run out. */
  readonly clock?: Clock | undefined;
}

/** A namespace of a SQLite file, for copies. Others can work on the file meanwhile; in the namespace to write, nobody. */
export function sqliteArchive(options: SqliteArchiveOptions): StoreArchive {
  const path = resolve(options.path);
  const { clock = systemClock } = options;
  const namespace = checkName(options.namespace ?? "default", "namespace");
  return {
    where: path,
    namespace,
    async open() {
      const { database, checkUnchanged } = openUnlocked(path);
      try {
        return takeSnapshot(database, { path, namespace, now: clock.now(), checkUnchanged });
      } catch (error) {
        database.close();
        throw toStoreError(error, path);
      }
    },
    async restore(records) {
      const database = openDatabase({ path, durability: "full", maxBytes: undefined });
      const id = openNamespace(database, { name: namespace, path });
      try {
        // Reads of others go on; their writes wait until the end, and may be refused as busy.
        database.exec(`PRAGMA busy_timeout = ${openTimeoutMs}; BEGIN IMMEDIATE`);
        checkEmpty(database, id, `The namespace ${namespace} of ${path}`);
        const sql = prepareStatements(database);
        const writer = new RecordWriter(sql, new SqliteTables(sql, id), id);
        for await (const record of wholeStream(records)) writer.write(record);
        database.exec("COMMIT");
      } catch (error) {
        rollBack(database);
        throw toStoreError(error, path);
      } finally {
        database.close();
      }
    },
  };
}

interface SnapshotOptions extends Pick<ReadOnlyDatabase, "checkUnchanged"> {
  readonly path: string;
  readonly namespace: string;
  readonly now: number;
}

function takeSnapshot(
  database: DatabaseSync,
  { path, namespace, now, checkUnchanged }: SnapshotOptions,
): StoreSnapshot {
  // The first read takes the snapshot; it lasts until the transaction ends.
  database.exec("BEGIN");
  const rows = database.prepare("SELECT id, name FROM namespaces ORDER BY name").all();
  const namespaces = rows.map((row) => textIn(row, "name"));
  const found = rows.find((row) => row.name === namespace);
  if (found === undefined) {
    const list = namespaces.length === 0 ? "It has none yet" : `It has ${namespaces.join(", ")}`;
    const message = `${path} has no namespace ${namespace}. ${list}.`;
    throw new AgentwerkError({ code: "not_found", message });
  }
  const id = numberIn(found, "id");
  const sql = prepareStatements(database);
  const range = [id * namespaceSpan, (id + 1) * namespaceSpan] as const;
  const held = database
    .prepare(
      "SELECT id, worker, lease_until FROM tickets WHERE namespace = ? AND lease_until > ? ORDER BY id",
    )
    .all(id, now)
    .map((row) => ({
      key: ticketKeyOf(numberIn(row, "id") - range[0]),
      worker: textIn(row, "worker"),
      until: numberIn(row, "lease_until"),
    }));
  const count = (sql: string): number => numberIn(database.prepare(sql).get(...range) ?? {}, "count");
  return {
    counts: {
      tickets: count("SELECT count(*) AS count FROM tickets WHERE id > ? AND id < ?"),
      replies: count("SELECT sum(replies) AS count FROM tickets WHERE id > ? AND id < ?"),
      events: count("SELECT sum(count) AS count FROM events WHERE id > ? AND id < ?"),
    },
    lastEvent: numberIn(sql.readCounters.get(id) ?? {}, "last_event"),
    held,
    at: now,
    otherNamespaces: namespaces.filter((name) => name !== namespace),
    *records() {
      try {
        yield* readRecords(database, sql, id);
      } finally {
        // Also after an error: what is part old, part new looks damaged.
        checkUnchanged();
      }
    },
    async [Symbol.asyncDispose]() {
      database.close();
    },
  };
}

function checkEmpty(database: DatabaseSync, id: number, what: string): void {
  const counters = database
    .prepare("SELECT last_ticket, last_event FROM tallies WHERE namespace = ? AND label = ''")
    .get(id);
  if (counters?.last_ticket === 0 && counters.last_event === 0) return;
  throw new AgentwerkError({
    code: "conflict",
    message: `${what} is not empty. Nothing was written; copy to another place or into another namespace.`,
  });
}
