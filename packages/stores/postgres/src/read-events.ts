import {
  type AgentwerkEvent,
  type EventDraft,
  type EventQuery,
  sleep,
  systemClock,
  ticketNumberOf,
} from "@agentwerk/core";
import type { Database, Row } from "./database.ts";
import { Parameters } from "./query-condition.ts";

/** How long to wait for the writers of missing ids: most are through by then. In milliseconds. */
const waits = [1, 2, 4, 8, 16, 32];
/**
 * On a read-only copy, an id that is missing below an event is taken for one that never comes when the copy has replayed
 * what was committed so much later than the event: no writer takes as long. Not when so much time went by at the copy,
 * which may lag.
 */
const lateMs = 30_000;

interface Page {
  readonly rows: readonly Row[];
  /** The last id of the page, in the log as a whole. */
  readonly last: number | undefined;
  readonly isGapless: boolean;
  /** Of a read-only copy, where writers cannot be waited for. */
  readonly isOfCopy?: boolean;
}

/**
 * Events after a cursor, without missing one that is committed late. Ids are drawn from a sequence within transactions, so
 * a transaction that drew a smaller id can commit after one with a greater. A page without a gap needs no care. With one,
 * the writers that may fill it are waited for, in the end by taking the lock that they share; what is missing then was
 * rolled back and never comes.
 */
export async function findEvents(
  database: Database,
  namespace: number,
  query: EventQuery,
): Promise<AgentwerkEvent[]> {
  const { after = 0, types, ticket, limit = 1_000 } = query;
  const found: AgentwerkEvent[] = [];
  let cursor = Math.max(0, after);
  while (found.length < limit) {
    const size = Math.max(limit, 100);
    const page = await settledPage(database, { namespace, cursor, size });
    if (page.last === undefined) break;
    const matching = ticket === undefined && types === undefined ? page.rows : await select(page);
    for (const row of matching) if (found.length < limit) found.push(toEvent(row));
    if (page.rows.length < size) break;
    cursor = page.last;
    // A copy cannot settle all of the log at once; there it is gone through page by page.
    if (!page.isOfCopy && (ticket !== undefined || types !== undefined)) {
      found.push(...(await rest(cursor)));
      break;
    }
  }
  return found.slice(0, limit);

  /** Of a page that is settled, what the query asks for. */
  async function select({ rows }: Page): Promise<readonly Row[]> {
    return rows.filter(
      (row) =>
        (types === undefined || types.some((type) => type === row.type)) &&
        (ticket === undefined || Number(row.ticket) === ticketNumberOf(ticket)),
    );
  }

  /** Beyond the first page by index; settled up to the newest id that was there when it was looked for. */
  async function rest(from: number): Promise<readonly AgentwerkEvent[]> {
    const newest = await settleAll(database, { namespace, cursor: from });
    const parameters = new Parameters();
    const parts = [
      `e.namespace = ${parameters.add(namespace, "integer")}`,
      `e.id > ${parameters.add(from, "bigint")}`,
      `e.id <= ${parameters.add(newest, "bigint")}`,
    ];
    if (ticket !== undefined) parts.push(`e.ticket = ${parameters.add(ticketNumberOf(ticket), "bigint")}`);
    if (types !== undefined) parts.push(`e.type = ANY (${parameters.add(types, "text[]")})`);
    const rows = await database.query(
      `SELECT e.id, e.at, e.body FROM ${database.schema}.events e WHERE ${parts.join(" AND ")}
       ORDER BY e.id LIMIT ${parameters.add(limit - found.length, "bigint")}`,
      parameters.values,
    );
    return rows.map(toEvent);
  }
}

async function settledPage(
  database: Database,
  options: {
    readonly namespace: number;
    readonly cursor: number;
    readonly size: number;
  },
): Promise<Page> {
  const { namespace } = options;
  let page = await readPage(database, options);
  for (const wait of waits) {
    if (page.isGapless) return page;
    await sleep(wait, { clock: systemClock });
    page = await readPage(database, options);
  }
  if (page.isGapless) return page;
  // Before the page is read again: what was replayed up to then is in it.
  const [server] = await database.query(
    `SELECT pg_is_in_recovery() AS copy,
       coalesce(extract(epoch FROM pg_last_xact_replay_timestamp()) * 1000, 0)::float8 AS replayed`,
  );
  const { cursor } = options;
  if (server?.copy === true) {
    // A copy cannot wait for writers.
    const isOpen = ({ at }: Row): boolean => Number(server.replayed) - Number(at) < lateMs;
    return { ...untilOpenGap(await readPage(database, options), { cursor, isOpen }), isOfCopy: true };
  }
  await database.query(`SELECT ${database.schema}.settle_events($1)`, [namespace]);
  // Up to there whatever is missing stays missing; behind it, others may have drawn ids meanwhile.
  const settled = page.last ?? cursor;
  const isOpen = ({ id }: Row): boolean => Number(id) > settled + 1;
  return untilOpenGap(await readPage(database, options), { cursor, isOpen });
}

async function readPage(
  database: Database,
  { namespace, cursor, size }: { readonly namespace: number; readonly cursor: number; readonly size: number },
): Promise<Page> {
  const rows = await database.query(
    `SELECT e.id, e.ticket, e.type, e.at, e.body FROM ${database.schema}.events e
     WHERE e.namespace = $1 AND e.id > $2 ORDER BY e.id LIMIT $3`,
    [namespace, cursor, size],
  );
  const last = rows.at(-1);
  const lastId = last === undefined ? undefined : Number(last.id);
  return { rows, last: lastId, isGapless: lastId === undefined || lastId - cursor === rows.length };
}

/** The rows before the first gap that may still be filled: what lies behind it is left for later. */
function untilOpenGap(
  page: Page,
  { cursor, isOpen }: { readonly cursor: number; readonly isOpen: (behind: Row) => boolean },
): Page {
  let previous = cursor;
  const rows: Row[] = [];
  for (const row of page.rows) {
    const id = Number(row.id);
    if (id !== previous + 1 && isOpen(row)) break;
    rows.push(row);
    previous = id;
  }
  return { rows, last: rows.length === 0 ? undefined : previous, isGapless: true };
}

/** Waits until every id up to the newest one is there or never comes; answers the newest. */
async function settleAll(
  database: Database,
  { namespace, cursor }: { readonly namespace: number; readonly cursor: number },
): Promise<number> {
  const look = async (): Promise<{ readonly newest: number; readonly isGapless: boolean }> => {
    const [row] = await database.query(
      `SELECT max(e.id) AS newest, count(*) AS count FROM ${database.schema}.events e WHERE e.namespace = $1 AND e.id > $2`,
      [namespace, cursor],
    );
    const newest = Number(row?.newest ?? cursor);
    return { newest, isGapless: newest - cursor === Number(row?.count ?? 0) };
  };
  let seen = await look();
  for (const wait of waits) {
    if (seen.isGapless) return seen.newest;
    await sleep(wait, { clock: systemClock });
    seen = await look();
  }
  await database.query(`SELECT ${database.schema}.settle_events($1)`, [namespace]);
  return seen.newest;
}

function toEvent({ id, at, body }: Row): AgentwerkEvent {
  const draft: EventDraft = JSON.parse(String(body));
  return { id: Number(id), at: Number(at), ...draft };
}
