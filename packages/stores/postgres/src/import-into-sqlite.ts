import { resolve } from "node:path";
import { AgentwerkError, ticketKeyOf } from "@agentwerk/core";
import {
  allLabels,
  idOfSqliteRow,
  openSqliteDatabase,
  openSqliteNamespace,
  prepareSqliteStatements,
  SqliteTables,
} from "@agentwerk/core/store-kit";
import type { StoreDump, StoredTicket, StorePlace } from "./copy-store.ts";
import { replyBatches } from "./reply-batches.ts";

/** Writes all of a namespace into an empty one of a SQLite file, in one transaction. */
export async function importIntoSqlite(to: StorePlace, dump: StoreDump): Promise<void> {
  const path = resolve(to.url);
  const database = openSqliteDatabase({ path, durability: "full", maxBytes: undefined });
  let hasBegun = false;
  try {
    const namespace = openSqliteNamespace(database, { name: to.namespace ?? "default", path });
    const sql = prepareSqliteStatements(database);
    const tables = new SqliteTables(sql, namespace);
    database.exec("BEGIN IMMEDIATE");
    hasBegun = true;
    const counters = sql.readCounters.get(namespace);
    if (counters?.last_ticket !== 0 || counters.last_event !== 0) {
      throw new AgentwerkError({
        code: "conflict",
        message: `The namespace ${to.namespace ?? "default"} of ${path} is not empty. Copy into a new file or another namespace.`,
      });
    }
    tables.begin();
    for (const ticket of dump.tickets) writeTicket(tables, ticket);
    writeRest(sql, namespace, dump);
    database.exec("COMMIT");
    hasBegun = false;
  } catch (error) {
    if (hasBegun) database.exec("ROLLBACK");
    throw error;
  } finally {
    database.close();
  }
}

function writeTicket(tables: SqliteTables, { state, body, end, replies, openBlockers }: StoredTicket): void {
  tables.addBody(state, { value: body, text: JSON.stringify(body) });
  tables.save(undefined, state);
  for (const { first, at, drafts } of replyBatches(replies)) {
    tables.appendReplies(state.key, first, { value: drafts, text: JSON.stringify(drafts) }, at);
  }
  if (end !== undefined) tables.setEnd(state.key, { value: end, text: JSON.stringify(end) });
  if (openBlockers.length > 0) tables.addBlockers(state.key, openBlockers);
}

function writeRest(
  sql: ReturnType<typeof prepareSqliteStatements>,
  namespace: number,
  { events, sums, envelopes, open, lastTicket }: StoreDump,
): void {
  for (const { id, at, ...draft } of events) {
    const ticket = draft.ticket === undefined ? null : idOfSqliteRow(namespace, draft.ticket);
    // The id of an event is made as that of a ticket.
    sql.insertEvents.run(idOfSqliteRow(namespace, ticketKeyOf(id)), ticket, 1, at, JSON.stringify([draft]));
  }
  for (const [label, sum] of sums) if (label !== allLabels) sql.addToTally.run(namespace, label, ...sum);
  for (const [key, amounts] of envelopes) sql.addToEnvelope.run(idOfSqliteRow(namespace, key), ...amounts);
  const lastEvent = events.at(-1)?.id ?? 0;
  const { todo, in_progress, waiting } = open;
  const all = sums.get(allLabels) ?? [];
  sql.addToNamespace.run(lastTicket, lastEvent, todo, in_progress, waiting, ...all, namespace);
}
