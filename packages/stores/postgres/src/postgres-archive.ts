import { AgentwerkError, ticketKeyOf } from "@agentwerk/core";
import { type StoreArchive, type StoreSnapshot, wholeStream } from "@agentwerk/core/store-kit";
import type pg from "pg";
import { type Database, describeTarget, openDatabase } from "./database.ts";
import { DatabaseClock } from "./database-clock.ts";
import { readSchemaStatus } from "./migrate.ts";
import { openNamespace } from "./open-namespace.ts";
import { toStoreError, withUnknownFate } from "./postgres-errors.ts";
import {
  type PostgresOptions,
  type PostgresTarget,
  type ResolvedOptions,
  resolveOptions,
} from "./postgres-options.ts";
import { type Query, readRecords } from "./read-records.ts";
import { RecordWriter } from "./write-records.ts";

export type PostgresArchiveOptions = Pick<PostgresOptions, "namespace" | "schema" | "ssl">;

/** A copy takes as long as it takes, with pauses while the other side reads or writes; and no digit gets lost. */
const patiently =
  "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL extra_float_digits = 1";

/**
 * A namespace in a PostgreSQL database, for copies. Reading needs the rights of a reader, writing the role that owns the schema.
 */
export function postgresArchive(target: PostgresTarget, options: PostgresArchiveOptions = {}): StoreArchive {
  const resolved = resolveOptions(target, { ...options, statementTimeoutMs: 0 });
  const where = describeTarget(target);
  return {
    where,
    namespace: resolved.namespace,
    async open() {
      const database = openDatabase(resolved);
      try {
        await checkSchema(database);
        return await takeSnapshot(database, resolved.namespace);
      } catch (error) {
        await database.close();
        throw toStoreError(error, where);
      }
    },
    async restore(records) {
      const database = openDatabase(resolved);
      try {
        const id = await openNamespace(database, resolved, new DatabaseClock());
        await inTransaction(database, async (query) => {
          await takeEmpty(query, id, resolved, where);
          const writer = new RecordWriter(query, id);
          for await (const record of wholeStream(records)) await writer.write(record);
          // Otherwise the first statements would be planned as if there were nothing.
          await query(
            "ANALYZE {s}.tickets, {s}.queue, {s}.replies, {s}.blockers, {s}.events, {s}.idempotency_keys",
            [],
          );
        });
      } catch (error) {
        throw isDuplicate(error) ? notEmpty(resolved, where, error) : toStoreError(error, where);
      } finally {
        await database.close();
      }
    },
  };
}

async function checkSchema(database: Database): Promise<void> {
  const { version, known } = await readSchemaStatus(database);
  if (version === known || version > known) return;
  const message =
    version === 0
      ? `${database.where} has no schema ${database.schema} of agentwerk yet.`
      : `The schema ${database.schema} of ${database.where} is at version ${version}, and this release needs ${known}. Run agentwerk store migrate with the role that owns it, and copy again.`;
  throw new AgentwerkError({ code: version === 0 ? "not_found" : "unsupported", message });
}

async function takeSnapshot(database: Database, namespace: string): Promise<StoreSnapshot> {
  const client = await database.connect();
  const query = queryOf(database, client);
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${patiently}`);
    // The first read takes the snapshot; it lasts until the transaction ends.
    const rows = await query("SELECT id, name FROM {s}.namespaces ORDER BY name", []);
    const namespaces = rows.map(({ name }) => String(name));
    const found = rows.find(({ name }) => name === namespace);
    if (found === undefined) {
      const list = namespaces.length === 0 ? "It has none yet" : `It has ${namespaces.join(", ")}`;
      const message = `${database.where} has no namespace ${namespace}. ${list}.`;
      throw new AgentwerkError({ code: "not_found", message });
    }
    const id = Number(found.id);
    const [counts] = await query(
      `SELECT {s}.moment() AS now, (SELECT count(*) FROM {s}.tickets WHERE namespace = $1) AS tickets,
         (SELECT sum(replies) FROM {s}.tickets WHERE namespace = $1) AS replies,
         (SELECT count(*) FROM {s}.events WHERE namespace = $1) AS events,
         (SELECT coalesce(max(id), 0) FROM {s}.events WHERE namespace = $1) AS last_event`,
      [id],
    );
    const at = Number(counts?.now);
    const held = await query(
      "SELECT number, worker, lease_until FROM {s}.tickets WHERE namespace = $1 AND lease_until > $2 ORDER BY number",
      [id, at],
    );
    return {
      counts: {
        tickets: Number(counts?.tickets),
        replies: Number(counts?.replies),
        events: Number(counts?.events),
      },
      lastEvent: Number(counts?.last_event),
      held: held.map(({ number, worker, lease_until }) => ({
        key: ticketKeyOf(Number(number)),
        worker: String(worker),
        until: Number(lease_until),
      })),
      at,
      otherNamespaces: namespaces.filter((name) => name !== namespace),
      records: () => told(readRecords(query, id), database.where),
      async [Symbol.asyncDispose]() {
        // The connection ends, and its transaction with it.
        client.release(true);
        await database.close();
      },
    };
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Errors of the server as those of a store. */
async function* told<T>(values: AsyncIterable<T>, where: string): AsyncIterable<T> {
  try {
    yield* values;
  } catch (error) {
    throw toStoreError(error, where);
  }
}

/** One copy at a time, and no event of anybody else meanwhile. */
async function takeEmpty(query: Query, id: number, options: ResolvedOptions, where: string): Promise<void> {
  const [lock] = await query("SELECT pg_try_advisory_xact_lock(hashtext('{s}.restore'), $1) AS mine", [id]);
  if (lock?.mine !== true) {
    throw new AgentwerkError({
      code: "conflict",
      message: `Another copy into the namespace ${options.namespace} of ${where} is under way, or one was cut off and the server has not noticed yet. Nothing was written; try again in a moment.`,
    });
  }
  await query("SELECT pg_advisory_xact_lock(hashtext('{s}.events'), $1)", [id]);
  const [found] = await query(
    "SELECT EXISTS (SELECT 1 FROM {s}.tickets WHERE namespace = $1) OR EXISTS (SELECT 1 FROM {s}.events WHERE namespace = $1) AS used",
    [id],
  );
  if (found?.used === true) throw notEmpty(options, where);
}

function notEmpty({ namespace }: ResolvedOptions, where: string, cause?: unknown): AgentwerkError {
  return new AgentwerkError({
    code: "conflict",
    message: `The namespace ${namespace} of ${where} is not empty. Nothing was written; copy to another place or into another namespace.`,
    cause,
  });
}

/** Somebody filed tickets there after we had looked. */
function isDuplicate(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "23505";
}

async function inTransaction(database: Database, work: (query: Query) => Promise<void>): Promise<void> {
  const client = await database.connect();
  let failure: Error | undefined;
  try {
    await client.query(`BEGIN; ${patiently}`);
    await work(queryOf(database, client));
    await client.query("COMMIT").catch((error: unknown) => {
      throw withUnknownFate(toStoreError(error, database.where));
    });
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // Where something failed the connection ends, and its transaction with it.
    client.release(failure);
  }
}

function queryOf(database: Database, client: pg.PoolClient): Query {
  return async (sql, values) =>
    (await client.query(sql.replaceAll("{s}", database.schema), [...values])).rows;
}
