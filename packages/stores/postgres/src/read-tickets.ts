import { type Ticket, type TicketFilter, ticketNumberOf } from "@agentwerk/core";
import { asksForOpenOnly, toTicket } from "@agentwerk/core/store-kit";
import type { Database } from "./database.ts";
import { Parameters, queryCondition, queryOrder } from "./query-condition.ts";
import { toStored } from "./ticket-row.ts";

const finalStatuses = "('done', 'failed', 'cancelled')";

export async function findTickets(
  database: Database,
  namespace: number,
  filter: TicketFilter,
): Promise<Ticket[]> {
  const parameters = new Parameters();
  const where = filterCondition(namespace, filter, parameters);
  const limit = filter.limit === undefined ? "" : `LIMIT ${parameters.add(filter.limit, "bigint")}`;
  const rows = await database.query(
    `SELECT {s}.state(t) AS state, t.body, t.ending FROM {s}.tickets t WHERE ${where}
     ORDER BY ${queryOrder(filter.orderBy ?? [])} ${limit}`.replaceAll("{s}", database.schema),
    parameters.values,
  );
  return rows.map(({ state, body, ending }) => {
    if (!Array.isArray(state)) throw new TypeError("A ticket's state is no array.");
    return toTicket(toStored(state).state, parse(body), ending === null ? undefined : parse(ending));
  });
}

/** Removes final tickets that match and that no open ticket waits for, a page at a time. */
export async function pruneTickets(
  database: Database,
  namespace: number,
  filter: TicketFilter,
): Promise<number> {
  const page = 500;
  const most = filter.limit ?? Number.POSITIVE_INFINITY;
  let pruned = 0;
  let after = 0;
  while (pruned < most) {
    const parameters = new Parameters();
    const where = filterCondition(namespace, filter, parameters);
    // Those that an open ticket waits for are left out here too, so that they do not count as the limit's share.
    const rows = await database.query(
      `SELECT t.number FROM {s}.tickets t WHERE ${where} AND t.number > ${parameters.add(after, "bigint")}
         AND t.status IN ${finalStatuses} AND NOT EXISTS (
           SELECT 1 FROM {s}.blockers b JOIN {s}.tickets d ON d.namespace = t.namespace AND d.number = b.blocked
           WHERE b.namespace = t.namespace AND b.blocker = t.number AND d.status NOT IN ${finalStatuses})
       ORDER BY t.number LIMIT ${parameters.add(Math.min(page, most - pruned), "bigint")}`.replaceAll(
        "{s}",
        database.schema,
      ),
      parameters.values,
    );
    if (rows.length === 0) break;
    const numbers = rows.map(({ number }) => Number(number));
    const [answer] = await database.query(`SELECT ${database.schema}.prune($1, $2::bigint[]) AS count`, [
      namespace,
      numbers,
    ]);
    pruned += Number(answer?.count ?? 0);
    after = numbers.at(-1) ?? after;
  }
  return pruned;
}

function filterCondition(namespace: number, filter: TicketFilter, parameters: Parameters): string {
  const { keys, status, labels, parent, agent, after, finishedBefore, where } = filter;
  const of = `t.namespace = ${parameters.add(namespace, "integer")}`;
  const parts = [of];
  if (after !== undefined) parts.push(`t.number > ${parameters.add(ticketNumberOf(after), "bigint")}`);
  if (keys !== undefined)
    parts.push(`t.number = ANY (${parameters.add(keys.map(ticketNumberOf), "bigint[]")})`);
  if (asksForOpenOnly(filter)) {
    // A ticket that is not final stands in the queue or has a lease.
    const place = parameters.add(namespace, "integer");
    parts.push(`t.number IN (SELECT q.number FROM {s}.queue q WHERE q.namespace = ${place}
      UNION SELECT o.number FROM {s}.tickets o WHERE o.namespace = ${place} AND o.lease_until IS NOT NULL)`);
  }
  if (status !== undefined) parts.push(`t.status = ANY (${parameters.add(status, "text[]")})`);
  if (labels !== undefined) parts.push(`t.labels && ${parameters.add(labels, "text[]")}`);
  if (parent !== undefined) parts.push(`t.parent = ${parameters.add(ticketNumberOf(parent), "bigint")}`);
  if (agent !== undefined) parts.push(`t.agent = ${parameters.add(agent, "text")}`);
  if (finishedBefore !== undefined)
    parts.push(`t.finished_at < ${parameters.add(finishedBefore, "double precision")}`);
  if (where !== undefined) parts.push(queryCondition(where, parameters));
  return parts.join(" AND ");
}

function parse(text: unknown): ReturnType<typeof JSON.parse> {
  return JSON.parse(String(text));
}
