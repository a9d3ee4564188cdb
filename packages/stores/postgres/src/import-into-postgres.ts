import { AgentwerkError, ticketNumberOf } from "@agentwerk/core";
import type { StoreDump, StorePlace } from "./copy-store.ts";
import { type Database, openDatabase } from "./database.ts";
import { DatabaseClock } from "./database-clock.ts";
import { openNamespace } from "./open-namespace.ts";
import { toStoreError } from "./postgres-errors.ts";
import { resolveOptions } from "./postgres-options.ts";
import { replyBatches } from "./reply-batches.ts";
import { ticketColumns } from "./schema/step-function.ts";
import { queueRows, toColumns } from "./ticket-row.ts";

/** Rows that one statement takes. */
const chunk = 1_000;

type Send = (rows: readonly unknown[], sql: string) => Promise<void>;

/** Writes all of a namespace into an empty one of a PostgreSQL store, in one transaction, with the role that owns the schema. */
export async function importIntoPostgres(
  { url, namespace, schema }: StorePlace,
  dump: StoreDump,
): Promise<void> {
  const options = resolveOptions(url, { namespace, schema, statementTimeoutMs: 0 });
  const database = openDatabase(options);
  try {
    const id = await openNamespace(database, options, new DatabaseClock());
    await inTransaction(database, async (query) => {
      const [found] = await query(
        "SELECT EXISTS (SELECT 1 FROM {s}.tickets WHERE namespace = $1) OR EXISTS (SELECT 1 FROM {s}.events WHERE namespace = $1) AS used",
        [id],
      );
      if (found?.used === true) {
        throw new AgentwerkError({
          code: "conflict",
          message: `The namespace ${options.namespace} of ${database.where} is not empty. Copy into another one.`,
        });
      }
      const send: Send = async (rows, sql) => {
        for (let start = 0; start < rows.length; start += chunk) {
          await query(sql, [id, JSON.stringify(rows.slice(start, start + chunk))]);
        }
      };
      await sendTickets(send, dump);
      await sendRest(send, dump);
      await query(
        "SELECT setval('{s}.tickets_' || $1::text, $2, $3), setval('{s}.events_' || $1::text, $4, $5)",
        [
          String(id),
          Math.max(1, dump.lastTicket),
          dump.lastTicket > 0,
          Math.max(1, dump.events.at(-1)?.id ?? 0),
          dump.events.length > 0,
        ],
      );
    });
  } catch (error) {
    throw toStoreError(error, database.where);
  } finally {
    await database.close();
  }
}

async function sendTickets(send: Send, { tickets }: StoreDump): Promise<void> {
  const names = ticketColumns.names.join(", ");
  const values = ticketColumns.names.map((name) => `r.${name}`).join(", ");
  await send(
    tickets.map(({ state, body, end }) => ({
      ...toColumns(state),
      version: 1,
      body: JSON.stringify(body),
      ending: end === undefined ? undefined : JSON.stringify(end),
    })),
    `INSERT INTO {s}.tickets (namespace, number, body, ending, ${names}) SELECT $1, r.number, r.body, r.ending, ${values}
     FROM jsonb_to_recordset($2::jsonb) AS r (number bigint, body text, ending text, ${ticketColumns.types})`,
  );
  await send(
    tickets.flatMap(({ state }) => [...queueRows(state)]),
    `INSERT INTO {s}.queue (namespace, label, at, rank, number) SELECT $1, r.label, r.at, r.rank, r.number
     FROM jsonb_to_recordset($2::jsonb) AS r (label text, at double precision, rank double precision, number bigint)`,
  );
  await send(
    tickets.flatMap(({ state, openBlockers }) =>
      openBlockers.map((blocker) => ({
        blocker: ticketNumberOf(blocker),
        blocked: ticketNumberOf(state.key),
      })),
    ),
    `INSERT INTO {s}.blockers (namespace, blocker, blocked) SELECT $1, r.blocker, r.blocked
     FROM jsonb_to_recordset($2::jsonb) AS r (blocker bigint, blocked bigint)`,
  );
  await send(
    tickets.flatMap(({ state, replies }) =>
      replyBatches(replies).map(({ first, at, drafts }) => ({
        ticket: ticketNumberOf(state.key),
        first,
        at,
        body: JSON.stringify(drafts),
      })),
    ),
    `INSERT INTO {s}.replies (namespace, ticket, first, at, body) SELECT $1, r.ticket, r.first, r.at, r.body
     FROM jsonb_to_recordset($2::jsonb) AS r (ticket bigint, first integer, at double precision, body text)`,
  );
  await send(
    tickets.flatMap(({ state, body }) =>
      body.idempotencyKey === undefined
        ? []
        : [{ key: body.idempotencyKey, number: ticketNumberOf(state.key) }],
    ),
    `INSERT INTO {s}.idempotency_keys (namespace, idempotency_key, number) SELECT $1, r.key, r.number
     FROM jsonb_to_recordset($2::jsonb) AS r (key text, number bigint)`,
  );
}

async function sendRest(send: Send, { events, sums, open, envelopes }: StoreDump): Promise<void> {
  await send(
    events.map(({ id, at, ...draft }) => ({
      id,
      at,
      ticket: draft.ticket === undefined ? undefined : ticketNumberOf(draft.ticket),
      type: draft.type,
      body: JSON.stringify(draft),
    })),
    `INSERT INTO {s}.events (namespace, id, ticket, type, at, body) SELECT $1, r.id, r.ticket, r.type, r.at, r.body
     FROM jsonb_to_recordset($2::jsonb) AS r (id bigint, ticket bigint, type text, at double precision, body text)`,
  );
  const none = { todo: 0, in_progress: 0, waiting: 0 };
  await send(
    [...sums].map(([label, sum]) => ({ label, sums: sum, ...(label === "" ? open : none) })),
    `INSERT INTO {s}.tallies (namespace, label, shard, todo, in_progress, waiting, sums)
     SELECT $1, r.label, 0, r.todo, r.in_progress, r.waiting, r.sums FROM jsonb_to_recordset($2::jsonb)
       AS r (label text, todo bigint, in_progress bigint, waiting bigint, sums double precision[])`,
  );
  await send(
    [...envelopes].map(([key, [cost, input, output]]) => ({
      number: ticketNumberOf(key),
      cost,
      input,
      output,
    })),
    `INSERT INTO {s}.envelopes (namespace, number, shard, cost, input_tokens, output_tokens)
     SELECT $1, r.number, 0, r.cost, r.input, r.output FROM jsonb_to_recordset($2::jsonb)
       AS r (number bigint, cost double precision, input double precision, output double precision)`,
  );
}

type Query = (sql: string, values: readonly unknown[]) => ReturnType<Database["query"]>;

async function inTransaction(database: Database, work: (query: Query) => Promise<void>): Promise<void> {
  const client = await database.connect();
  const query: Query = async (sql, values) =>
    (await client.query(sql.replaceAll("{s}", database.schema), [...values])).rows;
  try {
    await client.query("BEGIN");
    await work(query);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
