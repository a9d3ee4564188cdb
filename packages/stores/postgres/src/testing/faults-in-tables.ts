import { tallyFields } from "@agentwerk/core/store-kit";
import { notByTime } from "../ticket-row.ts";
import { withClient } from "./test-server.ts";

/** What a ticket adds to the totals, by field; what is not here stands in its `work`. */
const contributions: Partial<Record<(typeof tallyFields)[number], string>> = {
  created: "1",
  done: "(t.status = 'done')::integer",
  failed: "(t.status = 'failed')::integer",
  cancelled: "(t.status = 'cancelled')::integer",
  ticket_ms: "coalesce(t.finished_at - t.created_at, 0)",
  steps: "t.steps",
  turns: "t.turns",
  cost: "t.cost",
};
const inWork: readonly [field: string, path: string][] = [
  ["requests", "{requests}"],
  ["tool_calls", "{toolCalls}"],
  ["errors", "{errors}"],
  ["work_ms", "{workMs}"],
  ["input_tokens", "{usage,inputTokens}"],
  ["output_tokens", "{usage,outputTokens}"],
  ["cache_read_tokens", "{usage,cacheReadTokens}"],
  ["cache_write_tokens", "{usage,cacheWriteTokens}"],
  ["reasoning_tokens", "{usage,reasoningTokens}"],
];
const amount = (path: string): string => `({s}.content(t.rest, 'work')::json #>> '${path}')::float8`;
const paths = new Map(inWork);
const contributionOf = (field: (typeof tallyFields)[number]): string =>
  contributions[field] ?? amount(paths.get(field) ?? "");

const differ = (left: string, right: string): string =>
  `abs(coalesce(${left}, 0) - coalesce(${right}, 0)) > 1e-9 * greatest(1, abs(coalesce(${left}, 0)))`;

/** Each answers what is wrong, with its namespace and what it is about. `whole`: namespaces of which nothing was pruned. */
const checks = `
WITH whole AS (
  SELECT n.id FROM {s}.namespaces n WHERE (SELECT count(*) FROM {s}.tickets t WHERE t.namespace = n.id)
    = coalesce((SELECT sum(y.sums[1]) FROM {s}.tallies y WHERE y.namespace = n.id AND y.label = ''), 0)
), queued AS (
  SELECT t.namespace, l.label, coalesce(t.queued_at, ${notByTime}::float8) AS at, 0 - t.priority AS rank, t.number
  FROM {s}.tickets t CROSS JOIN LATERAL unnest({s}.queues_of(t.labels)) AS l (label)
  WHERE t.status IN ('todo', 'in_progress', 'waiting') AND t.lease_until IS NULL
), counted AS (
  SELECT t.namespace, count(*) FILTER (WHERE t.status = 'todo') AS todo, count(*) FILTER (WHERE t.status = 'in_progress')
    AS in_progress, count(*) FILTER (WHERE t.status = 'waiting') AS waiting FROM {s}.tickets t GROUP BY t.namespace
), told AS (
  SELECT y.namespace, sum(y.todo) AS todo, sum(y.in_progress) AS in_progress, sum(y.waiting) AS waiting
  FROM {s}.tallies y WHERE y.label = '' GROUP BY y.namespace
), added AS (
  SELECT t.namespace, l.label, f.place, sum(f.value) AS value FROM {s}.tickets t
  CROSS JOIN LATERAL unnest(t.labels || ARRAY['']) AS l (label)
  CROSS JOIN LATERAL unnest(ARRAY[${tallyFields.map(contributionOf).join(", ")}]::float8[]) WITH ORDINALITY AS f (value, place)
  GROUP BY 1, 2, 3
), summed AS (
  SELECT y.namespace, y.label, f.place, sum(f.value) AS value FROM {s}.tallies y
  CROSS JOIN LATERAL unnest(y.sums) WITH ORDINALITY AS f (value, place) GROUP BY 1, 2, 3
), spent AS (
  SELECT t.namespace, substr(e.value ->> 'key', 8)::bigint AS number, sum(t.cost) AS cost,
    sum(${amount("{usage,inputTokens}")}) AS input_tokens, sum(${amount("{usage,outputTokens}")}) AS output_tokens
  FROM {s}.tickets t CROSS JOIN LATERAL json_array_elements(coalesce({s}.content(t.rest, 'envelopes'), '[]')::json) AS e (value)
  GROUP BY 1, 2
), kept AS (
  SELECT e.namespace, e.number, sum(e.cost) AS cost, sum(e.input_tokens) AS input_tokens, sum(e.output_tokens) AS output_tokens
  FROM {s}.envelopes e GROUP BY 1, 2
), conversations AS (
  SELECT r.namespace, r.ticket, r.first, json_array_length(r.body::json) AS length,
    sum(json_array_length(r.body::json)) OVER (PARTITION BY r.namespace, r.ticket ORDER BY r.first) AS until FROM {s}.replies r
)
SELECT q.namespace, 'is not in the queue' AS fault, q.label || ' ' || q.at || ' ' || q.number AS what
  FROM (SELECT * FROM queued EXCEPT SELECT * FROM {s}.queue) q
UNION ALL SELECT q.namespace, 'should not be in the queue', q.label || ' ' || q.at || ' ' || q.number
  FROM (SELECT * FROM {s}.queue EXCEPT SELECT * FROM queued) q
UNION ALL SELECT t.namespace, 'is final, and has a worker, a place or no end', t.number::text FROM {s}.tickets t
  WHERE t.status IN ('done', 'failed', 'cancelled') AND (t.worker IS NOT NULL OR t.lease_until IS NOT NULL
    OR t.queued_at IS NOT NULL OR t.finished_at IS NULL OR t.reserved IS NOT NULL)
UNION ALL SELECT t.namespace, 'is leased, and nobody works it', t.number::text FROM {s}.tickets t
  WHERE t.lease_until IS NOT NULL AND (t.status <> 'in_progress' OR t.worker IS NULL OR t.queued_at IS NOT NULL)
UNION ALL SELECT coalesce(c.namespace, o.namespace), 'open tickets are counted wrongly', format('%s, told %s', c, o)
  FROM counted c FULL JOIN told o ON o.namespace = c.namespace WHERE (coalesce(c.todo, 0), coalesce(c.in_progress, 0),
    coalesce(c.waiting, 0)) <> (coalesce(o.todo, 0), coalesce(o.in_progress, 0), coalesce(o.waiting, 0))
UNION ALL SELECT namespace, 'a sum is not that of the tickets', format('%s %s: %s, told %s', label, place, a.value, s.value)
  FROM added a FULL JOIN summed s USING (namespace, label, place)
  WHERE namespace IN (SELECT id FROM whole) AND ${differ("a.value", "s.value")}
UNION ALL SELECT namespace, 'what an envelope spent is not that of its tickets', format('%s: %s, told %s', number, s, k)
  FROM spent s FULL JOIN kept k USING (namespace, number) WHERE namespace IN (SELECT id FROM whole) AND
    (${["cost", "input_tokens", "output_tokens"].map((name) => differ(`s.${name}`, `k.${name}`)).join(" OR ")})
UNION ALL SELECT b.namespace, 'blocks, and is not there', b.blocker::text FROM {s}.blockers b
  WHERE NOT EXISTS (SELECT FROM {s}.tickets t WHERE t.namespace = b.namespace AND t.number = b.blocker AND t.status <> 'done')
UNION ALL SELECT t.namespace, 'has other blockers than it counts', t.number::text FROM {s}.tickets t
  WHERE t.namespace IN (SELECT id FROM whole) AND t.status IN ('todo', 'in_progress', 'waiting') AND t.open_blockers
    <> (SELECT count(*) FROM {s}.blockers b WHERE b.namespace = t.namespace AND b.blocked = t.number)
UNION ALL SELECT t.namespace, 'has other children than it counts', t.number::text FROM {s}.tickets t
  WHERE t.namespace IN (SELECT id FROM whole) AND {s}.content(t.rest, 'openChildren')::bigint <> (SELECT count(*) FROM {s}.tickets c
    WHERE c.namespace = t.namespace AND c.parent = t.number AND c.status IN ('todo', 'in_progress', 'waiting'))
UNION ALL SELECT c.namespace, 'a conversation has a gap', c.ticket::text FROM conversations c WHERE c.first <> c.until - c.length
UNION ALL SELECT t.namespace, 'has other replies than it counts', t.number::text FROM {s}.tickets t WHERE t.replies
    <> (SELECT coalesce(sum(c.length), 0) FROM conversations c WHERE c.namespace = t.namespace AND c.ticket = t.number)
UNION ALL SELECT r.namespace, 'replies of no ticket', r.ticket::text FROM {s}.replies r
  WHERE NOT EXISTS (SELECT FROM {s}.tickets t WHERE t.namespace = r.namespace AND t.number = r.ticket)
UNION ALL SELECT k.namespace, 'a key of no ticket', k.idempotency_key FROM {s}.idempotency_keys k WHERE NOT EXISTS (
    SELECT FROM {s}.tickets t WHERE t.namespace = k.namespace AND t.number = k.number
      AND {s}.content(t.body, 'idempotencyKey') = k.idempotency_key)
UNION ALL SELECT t.namespace, 'was not told once that it was filed', t.number::text FROM {s}.tickets t WHERE 1 <> (
    SELECT count(*) FROM {s}.events e WHERE e.namespace = t.namespace AND e.ticket = t.number AND e.type = 'ticket_created')
LIMIT 100`;

/**
 * What does not fit together in the tables of a schema while nobody writes: queue and tickets, totals and envelopes and what
 * they are the sums of, blockers, children, conversations, keys. Nothing of this shows at once where it breaks.
 */
export async function faultsInTables(url: string, schema = "agentwerk"): Promise<readonly string[]> {
  const sql = checks.replaceAll("{s}", `"${schema}"`);
  const { rows } = await withClient(url, (client) =>
    client.query<{ namespace: number; fault: string; what: string }>(sql),
  );
  return rows.map(({ namespace, fault, what }) => `namespace ${namespace}: ${fault}: ${what}`);
}
