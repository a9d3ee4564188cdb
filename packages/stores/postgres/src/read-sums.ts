import type { Outlook, Totals, Want } from "@agentwerk/core";
import { queuesOf, toTotals } from "@agentwerk/core/store-kit";
import type { Database } from "./database.ts";
import { toLocal } from "./database-clock.ts";
import { notByTime } from "./ticket-row.ts";

export async function readTotals(database: Database, namespace: number): Promise<Totals> {
  const rows = await database.query(
    `SELECT y.label, ${database.schema}.sum_of_sums(y.sums) AS sums FROM ${database.schema}.tallies y
     WHERE y.namespace = $1 GROUP BY y.label`,
    [namespace],
  );
  return toTotals(
    rows.map(({ label, sums }) => [String(label), Array.isArray(sums) ? sums.map(Number) : []]),
  );
}

const outlookSql = `
  WITH moment (now) AS (SELECT {s}.moment()), wanted (label) AS (SELECT unnest($2::text[])),
  ran_out AS (
    SELECT t.number, t.labels FROM {s}.tickets t, moment m WHERE t.namespace = $1 AND t.lease_until <= m.now
  )
  SELECT coalesce(sum(y.todo), 0)::float8 AS todo, coalesce(sum(y.in_progress), 0)::float8 AS in_progress,
    coalesce(sum(y.waiting), 0)::float8 AS waiting,
    (SELECT count(*) FROM {s}.tickets t, moment m WHERE t.namespace = $1 AND t.lease_until > m.now)::float8 AS leased,
    (SELECT count(*) FROM (
      SELECT h.number FROM wanted w CROSS JOIN moment m CROSS JOIN LATERAL (
        SELECT q.number FROM {s}.queue q WHERE q.namespace = $1 AND q.label = w.label AND q.at <= m.now LIMIT $3) h
      UNION SELECT r.number FROM ran_out r WHERE {s}.queues_of(r.labels) && $2::text[]
      LIMIT $3
    ) c)::float8 AS claimable,
    (SELECT min(n.at) FROM (
      SELECT (SELECT min(q.at) FROM {s}.queue q WHERE q.namespace = $1 AND q.label = w.label
        AND q.at > m.now AND q.at < ${notByTime}::float8) AS at FROM wanted w, moment m
      UNION ALL SELECT min(t.lease_until) FROM {s}.tickets t, moment m WHERE t.namespace = $1 AND t.lease_until > m.now
    ) n) AS next_at, (SELECT m.now FROM moment m) AS now
  FROM {s}.tallies y WHERE y.namespace = $1 AND y.label = ''`;

/** `now`: of this process's clock, on which the answer's `nextAt` is. */
export async function readOutlook(
  database: Database,
  options: { readonly namespace: number; readonly wants: readonly Want[]; readonly now: () => number },
): Promise<Outlook> {
  const { namespace, wants, now } = options;
  const labels = [...new Set(wants.flatMap(queuesOf))];
  const enough = wants.reduce((sum, { limit }) => sum + limit, 0);
  const [row] = await database.query(outlookSql.replaceAll("{s}", database.schema), [
    namespace,
    labels,
    enough,
  ]);
  const nextAt = row?.next_at;
  return {
    todo: Number(row?.todo),
    inProgress: Number(row?.in_progress),
    waiting: Number(row?.waiting),
    leased: Number(row?.leased),
    claimable: Number(row?.claimable),
    ...(typeof nextAt === "number" && {
      nextAt: toLocal(nextAt, { server: Number(row?.now), local: now() }),
    }),
  };
}
