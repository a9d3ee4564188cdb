import { functionSettings } from "./function-settings.ts";

/**
 * Claims, in SQL. They restate three rules of the core (`startWork`, `expireLease`, `queuePlace`), because a claim has to
 * choose, lock and write in one go; the store suite plays random scripts on them and on the memory store and compares.
 */
export const claimFunctions: string = `
CREATE FUNCTION {s}.queues_of(labels text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN cardinality(labels) = 0 THEN ARRAY[''] ELSE labels END $$;

-- Leases that ran out, and tickets whose time has come, go to the queue of what can be claimed now.
CREATE FUNCTION {s}.queue_due(ns integer, wanted text[], moment double precision) RETURNS void
LANGUAGE plpgsql ${functionSettings} SET enable_sort = off AS $$
DECLARE
  ready record;
  due bigint;
BEGIN
  -- In the order of the index on leases, so that no other one is thought of.
  FOR ready IN SELECT t.number, t.labels, t.priority FROM {s}.tickets t
      WHERE t.namespace = ns AND t.lease_until <= moment ORDER BY t.lease_until LIMIT 1000 FOR UPDATE OF t SKIP LOCKED LOOP
    UPDATE {s}.tickets t SET lease_until = NULL, queued_at = 0, version = t.version + 1
      WHERE t.namespace = ns AND t.number = ready.number;
    INSERT INTO {s}.queue (namespace, label, at, rank, number)
      SELECT ns, l.label, 0, 0 - ready.priority, ready.number FROM unnest({s}.queues_of(ready.labels)) AS l (label);
  END LOOP;

  FOR due IN SELECT h.number FROM unnest(wanted) AS w (label) CROSS JOIN LATERAL (
      SELECT q.number FROM {s}.queue q WHERE q.namespace = ns AND q.label = w.label AND q.at > 0 AND q.at <= moment
      ORDER BY q.at LIMIT 1000) h LOOP
    SELECT t.number, t.labels, t.priority, t.queued_at INTO ready FROM {s}.tickets t
      WHERE t.namespace = ns AND t.number = due AND t.queued_at > 0 AND t.queued_at <= moment FOR UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    UPDATE {s}.queue q SET at = 0 WHERE q.namespace = ns AND q.label = ANY ({s}.queues_of(ready.labels))
      AND q.at = ready.queued_at AND q.rank = 0 - ready.priority AND q.number = due;
    UPDATE {s}.tickets t SET queued_at = 0, version = t.version + 1 WHERE t.namespace = ns AND t.number = due;
  END LOOP;
END $$;

-- Locks the first tickets over all wanted labels that nobody else is taking right now. plain: none of them holds a
-- reservation, which the writer has to settle by the rules before it takes the ticket.
CREATE FUNCTION {s}.pick(ns integer, wanted text[], most integer, OUT numbers bigint[], OUT fresh boolean[], OUT plain boolean)
LANGUAGE plpgsql ${functionSettings} AS $$
DECLARE
  after_rank double precision := '-Infinity';
  after_number bigint := 0;
  page integer := most + 16;
  candidates bigint[];
  ranks double precision[];
  candidate bigint;
  is_fresh boolean;
  is_plain boolean;
BEGIN
  numbers := '{}';
  fresh := '{}';
  plain := true;
  LOOP
    SELECT array_agg(c.number ORDER BY c.rank, c.number), array_agg(c.rank ORDER BY c.rank, c.number)
      INTO candidates, ranks
      FROM (
        SELECT DISTINCT h.rank, h.number FROM unnest(wanted) AS w (label) CROSS JOIN LATERAL (
          SELECT q.rank, q.number FROM {s}.queue q
          WHERE q.namespace = ns AND q.label = w.label AND q.at = 0 AND (q.rank, q.number) > (after_rank, after_number)
          ORDER BY q.rank, q.number LIMIT page
        ) h ORDER BY h.rank, h.number LIMIT page
      ) c;
    EXIT WHEN candidates IS NULL;
    FOREACH candidate IN ARRAY candidates LOOP
      SELECT t.status = 'todo', t.reserved IS NULL INTO is_fresh, is_plain FROM {s}.tickets t
        WHERE t.namespace = ns AND t.number = candidate AND t.queued_at = 0 FOR UPDATE SKIP LOCKED;
      CONTINUE WHEN NOT FOUND;
      numbers := array_append(numbers, candidate);
      fresh := array_append(fresh, is_fresh);
      plain := plain AND is_plain;
      EXIT WHEN cardinality(numbers) >= most;
    END LOOP;
    EXIT WHEN cardinality(numbers) >= most OR cardinality(candidates) < page;
    after_rank := ranks[page];
    after_number := candidates[page];
  END LOOP;
END $$;
`;
