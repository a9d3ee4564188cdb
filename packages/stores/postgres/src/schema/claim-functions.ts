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
LANGUAGE plpgsql ${functionSettings} AS $$
DECLARE
  found bigint[];
BEGIN
  found := ARRAY(
    SELECT t.number FROM {s}.tickets t WHERE t.namespace = ns AND t.lease_until <= moment
    ORDER BY t.number FOR UPDATE OF t SKIP LOCKED);
  IF cardinality(found) > 0 THEN
    UPDATE {s}.tickets t SET lease_until = NULL, queued_at = 0, version = t.version + 1
      FROM unnest(found) AS f (number) WHERE t.namespace = ns AND t.number = f.number;
    INSERT INTO {s}.queue (namespace, label, at, rank, number)
      SELECT ns, l.label, 0, 0 - t.priority, t.number
      FROM unnest(found) AS f (number) JOIN {s}.tickets t ON t.namespace = ns AND t.number = f.number
        CROSS JOIN LATERAL unnest({s}.queues_of(t.labels)) AS l (label);
  END IF;

  found := ARRAY(
    SELECT t.number FROM unnest(wanted) AS w (label)
      JOIN {s}.queue q ON q.namespace = ns AND q.label = w.label AND q.at > 0 AND q.at <= moment
      JOIN {s}.tickets t ON t.namespace = ns AND t.number = q.number AND t.queued_at > 0 AND t.queued_at <= moment
    FOR UPDATE OF t SKIP LOCKED);
  IF cardinality(found) > 0 THEN
    UPDATE {s}.queue q SET at = 0 FROM unnest(found) AS f (number), {s}.tickets t
      WHERE t.namespace = ns AND t.number = f.number AND q.namespace = ns AND q.label = ANY ({s}.queues_of(t.labels))
        AND q.at = t.queued_at AND q.rank = 0 - t.priority AND q.number = f.number;
    UPDATE {s}.tickets t SET queued_at = 0, version = t.version + 1
      FROM (SELECT DISTINCT unnest(found)) AS f (number) WHERE t.namespace = ns AND t.number = f.number;
  END IF;
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
  locked bigint[];
  locked_fresh boolean[];
  locked_plain boolean;
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
    SELECT array_agg(l.number), array_agg(l.fresh), bool_and(l.plain) INTO locked, locked_fresh, locked_plain FROM (
      SELECT t.number, t.status = 'todo' AS fresh, t.reserved IS NULL AS plain FROM unnest(candidates) WITH ORDINALITY AS c (number, place)
        JOIN {s}.tickets t ON t.namespace = ns AND t.number = c.number AND t.queued_at = 0
      ORDER BY c.place LIMIT most - cardinality(numbers) FOR UPDATE OF t SKIP LOCKED
    ) l;
    IF locked IS NOT NULL THEN
      numbers := numbers || locked;
      fresh := fresh || locked_fresh;
      plain := plain AND locked_plain;
    END IF;
    EXIT WHEN cardinality(numbers) >= most OR cardinality(candidates) < page;
    after_rank := ranks[page];
    after_number := candidates[page];
  END LOOP;
END $$;
`;
