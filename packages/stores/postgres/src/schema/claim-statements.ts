/** Variables of {@link claimStatements}. */
export const claimVariables: string = `
  claim jsonb;
  want jsonb;
  left_over integer;
  until double precision;
  most integer;
  page integer;
  wanted text[];
  after_rank double precision;
  after_number bigint;
  before_rank double precision;
  from_rank double precision;
  from_number bigint;
  whole boolean;
  plain boolean;
  candidates bigint[];
  ranks double precision[];
  locked record;
  taken bigint[];
  taken_places tid[];
  taken_fresh boolean[];
  last_rank double precision;
  started record;
  claimed jsonb := '[]';
  claim_tallies jsonb := '[]';
  heads jsonb := '[]';
  careful json[] := '{}';
  begun bigint[] := '{}';
  has_parents boolean := false;
  has_replies boolean := false;`;

/**
 * What the function `step` does for its claims. No functions of their own: each call of one costs as much as a statement.
 *
 * Of each want, the first tickets over all its labels that nobody else is taking right now are locked. `plain`: none of them
 * holds a reservation, which the writer has to settle by the rules before it takes the ticket.
 *
 * `fromRank`, `fromNumber`: how far the asker was in these queues a moment ago. What was taken before leaves dead entries in
 * the index, which have to be stepped over until the table is vacuumed; so the look begins there, and at every higher
 * priority. What cannot be filled that way is looked for in the whole queue.
 *
 * `claimed`: place of the claim, agent, end of the lease, and [number, token, id of its event, fresh] for each ticket.
 * `claim_tallies`: by label how many were taken, and how many of them were new.
 */
export const claimStatements: string = `
      FOR claim_place IN 0 .. jsonb_array_length(request -> 'claims') - 1 LOOP
        claim := request -> 'claims' -> claim_place;
        left_over := (claim ->> 'limit')::integer;
        until := moment + (claim ->> 'leaseMs')::double precision;
        FOR want_place IN 0 .. jsonb_array_length(claim -> 'wants') - 1 LOOP
          EXIT WHEN left_over <= 0;
          want := claim -> 'wants' -> want_place;
          wanted := (want ->> 'queues')::text[];
          most := least(left_over, (want ->> 'limit')::integer);
          page := most + 16;
          from_rank := CASE WHEN NOT has_due THEN (want ->> 'fromRank')::double precision END;
          from_number := coalesce((want ->> 'fromNumber')::bigint, 0);
          whole := from_rank IS NULL;
          from_rank := coalesce(from_rank, 'Infinity');
          before_rank := from_rank;
          after_rank := '-Infinity';
          after_number := 0;
          taken := '{}';
          taken_places := '{}';
          taken_fresh := '{}';
          plain := true;
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
              -- As many as are wanted, and no row more, is locked. Since the queue was read, a ticket may have got other labels.
              SELECT array_agg(l.number) AS numbers, array_agg(l.place) AS places, array_agg(l.fresh) AS fresh,
                  coalesce(bool_and(l.plain), true) AS plain, max(l.rank) AS rank INTO locked FROM (
                SELECT c.rank, c.number, t.place, t.fresh, t.plain FROM unnest(candidates, ranks) AS c (number, rank) CROSS JOIN LATERAL (
                  SELECT x.ctid AS place, x.status = 'todo' AS fresh, x.reserved IS NULL AS plain FROM {s}.tickets x
                  WHERE x.namespace = ns AND x.number = c.number AND x.queued_at = 0 AND {s}.queues_of(x.labels) && wanted
                  FOR UPDATE SKIP LOCKED) t
                LIMIT most - cardinality(taken)) l;
              taken := taken || locked.numbers;
              taken_places := taken_places || locked.places;
              taken_fresh := taken_fresh || locked.fresh;
              plain := plain AND locked.plain;
              last_rank := coalesce(locked.rank, last_rank);
              EXIT WHEN cardinality(taken) >= most;
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
              taken := '{}';
              taken_places := '{}';
              taken_fresh := '{}';
              plain := true;
              after_rank := '-Infinity';
              after_number := 0;
              before_rank := 'Infinity';
              from_rank := 'Infinity';
              from_number := 0;
            END IF;
          END LOOP;
          CONTINUE WHEN cardinality(taken) = 0;
          IF NOT plain OR cardinality(careful) > 0 THEN
            careful := array_append(careful, json_build_array(claim -> 'place', want -> 'place', left_over));
            CONTINUE;
          END IF;
          WITH begun AS (
            UPDATE {s}.tickets t SET version = t.version + 1, status = 'in_progress', agent = want ->> 'agent', waiting = NULL,
                attempt = t.attempt + CASE WHEN line.fresh OR t.worker IS NOT NULL THEN 1 ELSE 0 END,
                crashes = t.crashes + CASE WHEN NOT line.fresh AND t.worker IS NOT NULL THEN 1 ELSE 0 END,
                steps = t.steps + 1, started_at = coalesce(t.started_at, moment),
                attempt_started_at = CASE WHEN line.fresh AND t.retried THEN moment ELSE t.attempt_started_at END,
                token = t.token + 1, worker = claim ->> 'worker', lease_until = until, queued_at = NULL
              FROM (SELECT n.place, n.fresh FROM unnest(taken_places, taken_fresh) AS n (place, fresh) OFFSET 0) line
              WHERE t.ctid = line.place
              RETURNING t.number, t.token, t.labels, t.attempt, t.priority, t.parent, t.replies, line.fresh, nextval(event_ids_of) AS event
          ), unqueued AS (
            DELETE FROM {s}.queue q USING (
                SELECT y.place FROM begun b CROSS JOIN LATERAL unnest({s}.queues_of(b.labels)) AS l (label) CROSS JOIN LATERAL (
                  SELECT x.ctid AS place FROM {s}.queue x
                  WHERE x.namespace = ns AND x.label = l.label AND x.at = 0 AND x.rank = 0 - b.priority AND x.number = b.number OFFSET 0) y
                OFFSET 0) gone
              WHERE q.ctid = gone.place
          ), told AS (
            INSERT INTO {s}.events (namespace, id, ticket, type, at, body)
              SELECT ns, b.event, b.number, e.type, moment, json_build_object('type', e.type, 'agent', want -> 'agent',
                'ticket', 'TICKET-' || b.number, 'labels', b.labels, 'attempt', b.attempt)::text
              FROM begun b CROSS JOIN LATERAL (
                SELECT CASE WHEN b.fresh THEN 'ticket_started' ELSE 'ticket_resumed' END AS type OFFSET 0) e
          )
          SELECT jsonb_agg(jsonb_build_array(b.number, b.token, b.event, b.fresh)) AS claimed,
              coalesce(bool_or(b.parent IS NOT NULL), false) AS has_parents, coalesce(bool_or(b.replies > 0), false) AS has_replies,
              (SELECT jsonb_agg(jsonb_build_object('label', s.label, 'steps', s.steps, 'fresh', CASE WHEN s.label = '' THEN s.fresh ELSE 0 END))
                FROM (SELECT l.label, count(*) AS steps, count(*) FILTER (WHERE x.fresh) AS fresh
                  FROM begun x CROSS JOIN LATERAL unnest(x.labels || ARRAY['']) AS l (label) GROUP BY l.label) s) AS tallies
            INTO started FROM begun b;
          left_over := left_over - cardinality(taken);
          heads := heads || jsonb_build_array(jsonb_build_array(want -> 'queues', last_rank, taken[cardinality(taken)], whole));
          begun := begun || taken;
          has_parents := has_parents OR started.has_parents;
          has_replies := has_replies OR started.has_replies;
          claimed := claimed || jsonb_build_array(jsonb_build_array(claim -> 'place', want -> 'agent', until, started.claimed));
          claim_tallies := claim_tallies || started.tallies;
        END LOOP;
      END LOOP;`;
