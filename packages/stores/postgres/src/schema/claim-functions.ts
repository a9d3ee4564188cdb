/**
 * Claims, in SQL. They restate three rules of the core (`startWork`, `expireLease`, `queuePlace`), because a claim has to
 * choose, lock and write in one go; the store suite plays random scripts on them and on the memory store and compares.
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

-- Locks the first tickets over all wanted labels that nobody else is taking right now. plain: none of them holds a
-- reservation, which the writer has to settle by the rules before it takes the ticket.
--
-- from: how far the asker was in these queues a moment ago. What was taken before leaves dead entries in the index, which
-- have to be stepped over until the table is vacuumed; so the look begins there, and at every higher priority. What cannot
-- be filled that way is looked for in the whole queue.
CREATE FUNCTION {s}.pick(ns integer, wanted text[], most integer, from_rank double precision, from_number bigint,
  OUT numbers bigint[], OUT fresh boolean[], OUT plain boolean, OUT whole boolean, OUT last_rank double precision)
LANGUAGE plpgsql AS $$
DECLARE
  after_rank double precision := '-Infinity';
  after_number bigint := 0;
  before_rank double precision := coalesce(from_rank, 'Infinity');
  page integer := most + 16;
  candidates bigint[];
  ranks double precision[];
  locked record;
BEGIN
  numbers := '{}';
  fresh := '{}';
  plain := true;
  whole := from_rank IS NULL;
  from_rank := before_rank;
  from_number := coalesce(from_number, 0);
  LOOP
    SELECT array_agg(c.number), array_agg(c.rank) INTO candidates, ranks FROM (
        SELECT DISTINCT h.rank, h.number FROM unnest(wanted) AS w (label) CROSS JOIN LATERAL (
          (SELECT q.rank, q.number FROM {s}.queue q WHERE q.namespace = ns AND q.label = w.label AND q.at = 0
            AND (q.rank, q.number) > (after_rank, after_number) AND q.rank < before_rank ORDER BY q.rank, q.number LIMIT page)
          UNION ALL
          (SELECT q.rank, q.number FROM {s}.queue q WHERE q.namespace = ns AND q.label = w.label AND q.at = 0
            AND (q.rank, q.number) > (from_rank, from_number) ORDER BY q.rank, q.number LIMIT page)
        ) h ORDER BY h.rank, h.number LIMIT page
      ) c;
    IF candidates IS NOT NULL THEN
      -- As many as are wanted, and no row more, is locked.
      SELECT array_agg(l.number) AS numbers, array_agg(l.fresh) AS fresh, coalesce(bool_and(l.plain), true) AS plain,
          (array_agg(l.rank))[count(*)] AS rank INTO locked FROM (
        SELECT c.rank, t.number, t.fresh, t.plain FROM unnest(candidates, ranks) AS c (number, rank) CROSS JOIN LATERAL (
          SELECT x.number, x.status = 'todo' AS fresh, x.reserved IS NULL AS plain FROM {s}.tickets x
          WHERE x.namespace = ns AND x.number = c.number AND x.queued_at = 0 FOR UPDATE SKIP LOCKED) t
        LIMIT most - cardinality(numbers)) l;
      numbers := numbers || locked.numbers;
      fresh := fresh || locked.fresh;
      plain := plain AND locked.plain;
      last_rank := coalesce(locked.rank, last_rank);
      EXIT WHEN cardinality(numbers) >= most;
    END IF;
    IF cardinality(candidates) = page THEN
      after_rank := ranks[page];
      after_number := candidates[page];
      IF (after_rank, after_number) > (from_rank, from_number) THEN
        from_rank := after_rank;
        from_number := after_number;
      END IF;
    ELSE
      EXIT WHEN whole;
      whole := true;
      numbers := '{}';
      fresh := '{}';
      plain := true;
      after_rank := '-Infinity';
      after_number := 0;
      before_rank := 'Infinity';
      from_rank := 'Infinity';
      from_number := 0;
    END IF;
  END LOOP;
END $$;

-- What a claim does to the tickets it took.
-- claimed: [number, token, id of its event, fresh] for each. tallies: by label how many were taken, and how many of them were new.
CREATE FUNCTION {s}.start_work(ns integer, taken bigint[], taken_fresh boolean[], by_agent text, by_worker text,
  moment double precision, lease_ms double precision, event_ids_of regclass,
  OUT until double precision, OUT claimed jsonb, OUT tallies jsonb, OUT has_parents boolean, OUT has_replies boolean)
LANGUAGE plpgsql AS $$
DECLARE
  event_ids bigint[] := ARRAY(SELECT nextval(event_ids_of) FROM generate_series(1, cardinality(taken)));
BEGIN
  until := moment + lease_ms;
  WITH begun AS (
    UPDATE {s}.tickets t SET version = t.version + 1, status = 'in_progress', agent = by_agent, waiting = NULL,
        attempt = t.attempt + CASE WHEN t.status = 'todo' OR t.worker IS NOT NULL THEN 1 ELSE 0 END,
        crashes = t.crashes + CASE WHEN t.status <> 'todo' AND t.worker IS NOT NULL THEN 1 ELSE 0 END,
        steps = t.steps + 1, started_at = coalesce(t.started_at, moment),
        attempt_started_at = CASE WHEN t.status = 'todo' AND t.retried THEN moment ELSE t.attempt_started_at END,
        token = t.token + 1, worker = by_worker, lease_until = until, queued_at = NULL
      FROM (SELECT n.place, x.row_place FROM unnest(taken) WITH ORDINALITY AS n (number, place) CROSS JOIN LATERAL (
          SELECT y.ctid AS row_place FROM {s}.tickets y WHERE y.namespace = ns AND y.number = n.number OFFSET 0) x OFFSET 0) line
      WHERE t.ctid = line.row_place
      RETURNING t.number, t.token, t.labels, t.attempt, t.priority, t.parent, t.replies, line.place::integer AS place
  ), unqueued AS (
    DELETE FROM {s}.queue q USING (
        SELECT y.place FROM begun b CROSS JOIN LATERAL unnest({s}.queues_of(b.labels)) AS l (label) CROSS JOIN LATERAL (
          SELECT x.ctid AS place FROM {s}.queue x
          WHERE x.namespace = ns AND x.label = l.label AND x.at = 0 AND x.rank = 0 - b.priority AND x.number = b.number OFFSET 0) y
        OFFSET 0) gone
      WHERE q.ctid = gone.place
  ), told AS (
    INSERT INTO {s}.events (namespace, id, ticket, type, at, body)
      SELECT ns, event_ids[b.place], b.number, e.type, moment, json_build_object('type', e.type, 'agent', by_agent,
        'ticket', 'TICKET-' || b.number, 'labels', b.labels, 'attempt', b.attempt)::text
      FROM begun b CROSS JOIN LATERAL (
        SELECT CASE WHEN taken_fresh[b.place] THEN 'ticket_started' ELSE 'ticket_resumed' END AS type OFFSET 0) e
  )
  SELECT jsonb_agg(jsonb_build_array(b.number, b.token, event_ids[b.place], taken_fresh[b.place]) ORDER BY b.place),
      coalesce(bool_or(b.parent IS NOT NULL), false), coalesce(bool_or(b.replies > 0), false),
      (SELECT jsonb_agg(jsonb_build_object('label', s.label, 'steps', s.steps, 'fresh', CASE WHEN s.label = '' THEN s.fresh ELSE 0 END))
        FROM (SELECT l.label, count(*) AS steps, count(*) FILTER (WHERE taken_fresh[b.place]) AS fresh
          FROM begun b CROSS JOIN LATERAL unnest(b.labels || ARRAY['']) AS l (label) GROUP BY l.label) s)
    INTO claimed, has_parents, has_replies, tallies FROM begun b;
END $$;
`;
