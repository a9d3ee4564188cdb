import type { DatabaseSync } from "node:sqlite";
import { queuesOf } from "../engine/claim-tickets.ts";
import { tallyFields, toTotals } from "../rules/tally-book.ts";
import type { Outlook, Want } from "../ticket-store.ts";
import type { Totals } from "../totals.ts";
import { notByTime, numberIn, textIn } from "./ticket-row.ts";

export function readTotals(database: DatabaseSync, namespace: number): Totals {
  const rows = database.prepare("SELECT * FROM tallies WHERE namespace = ?").all(namespace);
  return toTotals(
    rows.map((row) => [textIn(row, "label"), tallyFields.map((field) => numberIn(row, field))]),
  );
}

const outlookSql = `
  WITH wanted (label) AS (SELECT value FROM json_each(:labels)),
  ran_out AS (
    SELECT t.id, t.labels FROM tickets t WHERE t.namespace = :namespace AND t.lease_until <= :now
  )
  SELECT n.todo, n.in_progress, n.waiting,
    (SELECT count(*) FROM tickets t WHERE t.namespace = :namespace AND t.lease_until > :now) AS leased,
    (SELECT count(*) FROM (
      SELECT ticket FROM (SELECT q.ticket FROM wanted w CROSS JOIN queue q
        ON q.namespace = :namespace AND q.label = w.label AND q.at <= :now LIMIT :enough * json_array_length(:labels))
      UNION SELECT r.id FROM ran_out r WHERE EXISTS (
        SELECT 1 FROM wanted w WHERE (w.label = '' AND r.labels = '[]')
          OR w.label IN (SELECT value FROM json_each(r.labels)))
      LIMIT :enough + 0
    )) AS claimable,
    (SELECT min(at) FROM (
      SELECT (SELECT min(q.at) FROM queue q WHERE q.namespace = :namespace AND q.label = w.label AND q.at > :now AND q.at < ${notByTime}) AS at
        FROM wanted w
      UNION ALL SELECT min(t.lease_until) FROM tickets t WHERE t.namespace = :namespace AND t.lease_until > :now
    )) AS next_at
  FROM tallies n WHERE n.namespace = :namespace AND n.label = ''`;

export function readOutlook(
  database: DatabaseSync,
  options: { readonly namespace: number; readonly wants: readonly Want[]; readonly now: number },
): Outlook {
  const labels = JSON.stringify([...new Set(options.wants.flatMap(queuesOf))]);
  const enough = options.wants.reduce((sum, { limit }) => sum + limit, 0);
  const row =
    database.prepare(outlookSql).get({ namespace: options.namespace, now: options.now, labels, enough }) ??
    {};
  const nextAt = row.next_at;
  return {
    todo: numberIn(row, "todo"),
    inProgress: numberIn(row, "in_progress"),
    waiting: numberIn(row, "waiting"),
    leased: numberIn(row, "leased"),
    claimable: numberIn(row, "claimable"),
    ...(typeof nextAt === "number" && { nextAt }),
  };
}
