/**
 * Claims, in SQL. Here and in `claimStatements` three rules of the core are restated (`startWork`, `expireLease`,
 * `queuePlace`), because a claim has to choose, lock and write in one go; the store suite plays random scripts on them and
 * on the memory store and compares.
 */
export const claimFunctions: string = `
CREATE FUNCTION {s}.queues_of(labels text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN cardinality(labels) = 0 THEN ARRAY[''] ELSE labels END $$;

-- Leases that ran out, and tickets whose time has come, go to the queue of what can be claimed now.
CREATE FUNCTION {s}.queue_due(ns integer, wanted text[], moment double precision) RETURNS void
LANGUAGE plpgsql AS $$
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
`;
