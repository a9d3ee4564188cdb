import { functionSettings, ticket } from "./function-settings.ts";

/** The columns of `tickets` that a writer sends, in the order of the table. */
const columns = `version bigint, status text, labels text[], priority double precision, not_before double precision,
  parent bigint, agent text, waiting text, attempt integer, crashes integer, replies integer,
  created_at double precision, started_at double precision, finished_at double precision, token bigint, worker text,
  lease_until double precision, open_blockers integer, queued_at double precision, steps double precision,
  turns double precision, cost double precision, reserved text, retried boolean,
  attempt_started_at double precision, rest text`;
const names = columns.split(",").map((column) => column.trim().split(" ")[0] ?? "");

/** Of `tickets`, as a writer sends them. */
export const ticketColumns: { readonly types: string; readonly names: readonly string[] } = {
  types: columns,
  names,
};

const assignments = names
  .filter((name) => name !== "version")
  .map((name) => `${name} = line.${name}`)
  .join(", ");

/** Numbers from \`base\` on stand for tickets that get theirs here. */
const real = (value: string): string =>
  `CASE WHEN ${value} >= base THEN drawn[(${value} - base + 1)::integer] ELSE ${value} END`;

const text = (name: string): string => `{s}.named(r.${name}, r.refs, base, drawn)`;
const inserted = (name: string): string => {
  if (name === "parent") return real("r.parent");
  return name === "waiting" || name === "rest" ? text(name) : `r.${name}`;
};

/**
 * One transaction of a writer, in one call. The request says which versions of which tickets its changes were computed
 * from, and when; if that does not hold any more, nothing is written and the answer has what is there now. A step that
 * was applied before, and whose answer got lost, is answered again and not applied again.
 */
export const stepFunction: string = `
CREATE FUNCTION {s}.moment() RETURNS double precision LANGUAGE sql VOLATILE AS
$$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::double precision $$;

CREATE FUNCTION {s}.state(t {s}.tickets) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT json_build_array(t.number, t.version, t.status, t.labels, t.priority, t.not_before, t.parent, t.agent,
    t.waiting::json, t.attempt, t.crashes, t.replies, t.created_at, t.started_at, t.finished_at, t.token, t.worker,
    t.lease_until, t.open_blockers, t.queued_at, t.steps, t.turns, t.cost, t.reserved::json, t.attempt_started_at,
    t.rest::json)
$$;

CREATE FUNCTION {s}.replies_of(ns integer, of_ticket bigint, from_index integer) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT coalesce(json_agg(json_build_array(r.first, r.at, r.body::json) ORDER BY r.first), '[]'::json)
  FROM {s}.replies r WHERE r.namespace = ns AND r.ticket = of_ticket AND r.first >= coalesce(
    (SELECT max(p.first) FROM {s}.replies p WHERE p.namespace = ns AND p.ticket = of_ticket AND p.first <= from_index), 0)
$$;

CREATE FUNCTION {s}.add_sums(a double precision[], b double precision[]) RETURNS double precision[]
LANGUAGE sql IMMUTABLE AS $$
  SELECT array_agg(coalesce(u.x, 0) + coalesce(u.y, 0) ORDER BY u.place) FROM unnest(a, b) WITH ORDINALITY AS u (x, y, place)
$$;
CREATE AGGREGATE {s}.sum_of_sums(double precision[]) (
  SFUNC = {s}.add_sums, STYPE = double precision[], INITCOND = '{}'
);

-- Tickets that a text names by the number that stood for theirs.
CREATE FUNCTION {s}.named(body text, refs bigint[], base bigint, drawn bigint[]) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  ref bigint;
BEGIN
  IF refs IS NOT NULL THEN
    FOREACH ref IN ARRAY refs LOOP
      body := replace(body, ref::text, drawn[(ref - base + 1)::integer]::text);
    END LOOP;
  END IF;
  RETURN body;
END $$;

CREATE FUNCTION {s}.step(request jsonb) RETURNS json LANGUAGE plpgsql ${functionSettings} AS $$
DECLARE
  ns integer := (request ->> 'namespace')::integer;
  id_of_writer uuid := (request ->> 'writer')::uuid;
  this_step bigint := (request ->> 'step')::bigint;
  base bigint := (request ->> 'base')::bigint;
  moment double precision := {s}.moment();
  done json;
  locked integer;
  given record;
  found_version bigint;
  conflicts json[] := '{}';
  begun record;
  line record;
  event_id bigint;
  event_type text;
  found_json json;
  drawn bigint[] := '{}';
  event_ids bigint[] := '{}';
  claimed jsonb := '[]';
  claim_tallies jsonb := '[]';
  claim jsonb;
  want jsonb;
  queues text[];
  left_over integer;
  taken bigint[];
  taken_fresh boolean[];
  taken_plain boolean;
  careful json[] := '{}';
  until double precision;
BEGIN
  -- Nobody knows what became of the steps from 'after' on. One that was applied is answered; otherwise none of them
  -- can be applied any more, however late it arrives.
  IF request ? 'after' THEN
    INSERT INTO {s}.writers AS w (id, step, answer, at) VALUES (id_of_writer, this_step - 1, 'null', moment)
      ON CONFLICT (id) DO UPDATE SET step = excluded.step, answer = excluded.answer, at = excluded.at
      WHERE w.step < (request ->> 'after')::bigint OR w.answer = 'null';
    IF FOUND THEN RETURN json_build_object('now', moment); END IF;
    SELECT w.answer::json INTO done FROM {s}.writers w WHERE w.id = id_of_writer;
  END IF;

  IF done IS NULL THEN
    IF abs(moment - (request ->> 'now')::double precision) > 5000 AND NOT request ? 'locked' THEN
      RETURN json_build_object('now', moment, 'conflict', '[]'::json);
    END IF;
    IF request ? 'reads' THEN
      FOR given IN SELECT r.number, r.version FROM jsonb_to_recordset(request -> 'reads') AS r (number bigint, version bigint)
          ORDER BY r.number LOOP
        SELECT t.version INTO found_version FROM {s}.tickets t WHERE t.namespace = ns AND t.number = given.number FOR UPDATE;
        IF coalesce(found_version, 0) <> given.version THEN
          conflicts := array_append(conflicts, json_build_array(given.number,
            (SELECT {s}.state(t) FROM {s}.tickets t WHERE t.namespace = ns AND t.number = given.number)));
        END IF;
      END LOOP;
    END IF;
    IF cardinality(conflicts) > 0 THEN RETURN json_build_object('now', moment, 'conflict', conflicts); END IF;
    IF request ? 'keys' THEN
      SELECT json_agg(json_build_array(k.idempotency_key, k.number)) INTO found_json
        FROM jsonb_to_recordset(request -> 'keys') AS r (key text) CROSS JOIN LATERAL (
          SELECT * FROM {s}.idempotency_keys i WHERE i.namespace = ns AND i.idempotency_key = r.key OFFSET 0) k;
      IF found_json IS NOT NULL THEN RETURN json_build_object('now', moment, 'conflict', '[]'::json, 'keys', found_json); END IF;
    END IF;
  END IF;

  IF done IS NULL AND (request ? 'writes' OR request ? 'claims') THEN
    IF request ? 'inserts' THEN
      drawn := ARRAY(SELECT nextval(format('{s}.tickets_%s', ns)) FROM jsonb_array_length(request -> 'inserts') AS n (count),
        generate_series(1, n.count));
      IF request ? 'keys' THEN
        WITH given AS (
          INSERT INTO {s}.idempotency_keys (namespace, idempotency_key, number)
          SELECT ns, r.key, ${real("r.number")} FROM jsonb_to_recordset(request -> 'keys') AS r (key text, number bigint)
          ORDER BY r.key ON CONFLICT DO NOTHING RETURNING 1)
        SELECT count(*) INTO locked FROM given;
        IF locked < jsonb_array_length(request -> 'keys') THEN RAISE EXCEPTION 'a key was taken' USING ERRCODE = 'AW001'; END IF;
      END IF;
      INSERT INTO {s}.tickets (namespace, number, body, ending, ${names.join(", ")})
        SELECT ns, ${real("r.number")}, ${text("body")}, ${text("ending")}, ${names.map(inserted).join(", ")}
        FROM jsonb_to_recordset(request -> 'inserts') AS r (number bigint, body text, ending text, refs bigint[], ${columns});
    END IF;
    -- Row by row: a join could be planned while the table is small, and such plans are kept.
    IF request ? 'updates' THEN
      FOR line IN SELECT * FROM jsonb_to_recordset(request -> 'updates') AS r (number bigint, body text, ends boolean, ending text, ${columns}) LOOP
        UPDATE {s}.tickets t SET version = t.version + 1, ${assignments}, body = coalesce(line.body, t.body),
            ending = CASE WHEN line.ends THEN line.ending ELSE t.ending END
          WHERE t.namespace = ns AND t.number = line.number;
      END LOOP;
    END IF;
    IF request ? 'unqueued' THEN
      FOR line IN SELECT * FROM jsonb_to_recordset(request -> 'unqueued')
          AS r (label text, at double precision, rank double precision, number bigint) LOOP
        DELETE FROM {s}.queue q
          WHERE q.namespace = ns AND q.label = line.label AND q.at = line.at AND q.rank = line.rank AND q.number = line.number;
      END LOOP;
    END IF;
    IF request ? 'queued' THEN
      INSERT INTO {s}.queue (namespace, label, at, rank, number)
        SELECT ns, r.label, r.at, r.rank, ${real("r.number")} FROM jsonb_to_recordset(request -> 'queued')
          AS r (label text, at double precision, rank double precision, number bigint);
    END IF;
    IF request ? 'freed' THEN
      FOR line IN SELECT f.value::bigint AS number FROM jsonb_array_elements_text(request -> 'freed') AS f (value) LOOP
        DELETE FROM {s}.blockers b WHERE b.namespace = ns AND b.blocker = line.number;
      END LOOP;
    END IF;
    IF request ? 'blockers' THEN
      INSERT INTO {s}.blockers (namespace, blocker, blocked)
        SELECT ns, ${real("r.blocker")}, ${real("r.blocked")}
        FROM jsonb_to_recordset(request -> 'blockers') AS r (blocker bigint, blocked bigint) ON CONFLICT DO NOTHING;
    END IF;
    IF request ? 'replies' THEN
      INSERT INTO {s}.replies (namespace, ticket, first, at, body)
        SELECT ns, ${real("r.ticket")}, r.first, r.at, r.body
        FROM jsonb_to_recordset(request -> 'replies') AS r (ticket bigint, first integer, at double precision, body text);
    END IF;

    IF request ? 'claims' THEN
      queues := ARRAY(SELECT DISTINCT q.label FROM jsonb_array_elements(request -> 'claims') AS c (value),
        jsonb_array_elements(c.value -> 'wants') AS w (value), jsonb_array_elements_text(w.value -> 'queues') AS q (label));
      PERFORM {s}.queue_due(ns, queues, moment);
    END IF;
    -- Before any id is drawn: who reads the log waits for those that hold this lock when there is a gap.
    IF request ? 'events' OR request ? 'claims' THEN
      PERFORM pg_advisory_xact_lock_shared(hashtext('{s}.events'), ns);
    END IF;
    IF request ? 'events' THEN
      WITH written AS (
        INSERT INTO {s}.events (namespace, id, ticket, type, at, body)
        SELECT ns, nextval(format('{s}.events_%s', ns)), e.ticket, e.type, moment, e.body FROM (
          SELECT ${real("r.ticket")} AS ticket, r.type, {s}.named(r.body, r.refs, base, drawn) AS body
          FROM jsonb_to_recordset(request -> 'events') AS r (place integer, ticket bigint, type text, body text, refs bigint[])
          ORDER BY r.place) e
        RETURNING id)
      SELECT array_agg(w.id ORDER BY w.id) INTO event_ids FROM written w;
    END IF;

    FOR claim IN SELECT c.value FROM jsonb_array_elements(request -> 'claims') WITH ORDINALITY AS c (value, place) ORDER BY c.place LOOP
      left_over := (claim ->> 'limit')::integer;
      until := moment + (claim ->> 'leaseMs')::double precision;
      FOR want IN SELECT w.value FROM jsonb_array_elements(claim -> 'wants') WITH ORDINALITY AS w (value, place) ORDER BY w.place LOOP
        CONTINUE WHEN left_over <= 0;
        queues := ARRAY(SELECT jsonb_array_elements_text(want -> 'queues'));
        SELECT p.numbers, p.fresh, p.plain INTO taken, taken_fresh, taken_plain
          FROM {s}.pick(ns, queues, least(left_over, (want ->> 'limit')::integer)) p;
        CONTINUE WHEN cardinality(taken) = 0;
        IF NOT taken_plain OR cardinality(careful) > 0 THEN
          careful := array_append(careful, json_build_array(claim -> 'place', want -> 'place', left_over));
          CONTINUE;
        END IF;
        left_over := left_over - cardinality(taken);
        FOR place IN 1 .. cardinality(taken) LOOP
          UPDATE {s}.tickets t SET version = t.version + 1, status = 'in_progress', agent = want ->> 'agent', waiting = NULL,
              attempt = t.attempt + CASE WHEN t.status = 'todo' OR t.worker IS NOT NULL THEN 1 ELSE 0 END,
              crashes = t.crashes + CASE WHEN t.status <> 'todo' AND t.worker IS NOT NULL THEN 1 ELSE 0 END,
              steps = t.steps + 1, started_at = coalesce(t.started_at, moment),
              attempt_started_at = CASE WHEN t.status = 'todo' AND t.retried THEN moment ELSE t.attempt_started_at END,
              token = t.token + 1, worker = claim ->> 'worker', lease_until = until, queued_at = NULL
            WHERE t.namespace = ns AND t.number = taken[place]
            RETURNING t.number, t.token, t.labels, t.attempt, t.priority INTO begun;
          DELETE FROM {s}.queue q WHERE q.namespace = ns AND q.label = ANY ({s}.queues_of(begun.labels)) AND q.at = 0
            AND q.rank = 0 - begun.priority AND q.number = begun.number;
          event_type := CASE WHEN taken_fresh[place] THEN 'ticket_started' ELSE 'ticket_resumed' END;
          INSERT INTO {s}.events (namespace, id, ticket, type, at, body)
            VALUES (ns, nextval(format('{s}.events_%s', ns)), begun.number, event_type, moment,
              json_build_object('type', event_type, 'agent', want ->> 'agent', 'ticket', 'TICKET-' || begun.number,
                'labels', begun.labels, 'attempt', begun.attempt)::text)
            RETURNING id INTO event_id;
          claimed := claimed || jsonb_build_array(jsonb_build_array(claim -> 'place', want -> 'agent', begun.number,
            begun.token, until, event_id, taken_fresh[place]));
          claim_tallies := claim_tallies || (
            SELECT jsonb_agg(jsonb_build_object('label', l.label,
              'todo', CASE WHEN taken_fresh[place] AND l.label = '' THEN -1 ELSE 0 END,
              'in_progress', CASE WHEN taken_fresh[place] AND l.label = '' THEN 1 ELSE 0 END))
            FROM unnest(begun.labels || ARRAY['']) AS l (label));
        END LOOP;
      END LOOP;
    END LOOP;

    IF request ? 'tallies' OR claimed <> '[]' THEN
      INSERT INTO {s}.tallies AS y (namespace, label, shard, todo, in_progress, waiting, sums)
        SELECT ns, a.label, pg_backend_pid() % 64, sum(a.todo), sum(a.in_progress), sum(a.waiting), {s}.sum_of_sums(a.sums) FROM (
          SELECT r.label, r.todo, r.in_progress, r.waiting, r.sums FROM jsonb_to_recordset(request -> 'tallies')
            AS r (label text, todo bigint, in_progress bigint, waiting bigint, sums double precision[])
          UNION ALL
          SELECT r.label, sum(r.todo), sum(r.in_progress), 0,
            array_fill(0::double precision, ARRAY[(request ->> 'stepsPlace')::integer]) || count(*)::double precision
          FROM jsonb_to_recordset(claim_tallies) AS r (label text, todo bigint, in_progress bigint) GROUP BY r.label
        ) a GROUP BY a.label ORDER BY a.label
        ON CONFLICT (namespace, label, shard) DO UPDATE SET todo = y.todo + excluded.todo,
          in_progress = y.in_progress + excluded.in_progress, waiting = y.waiting + excluded.waiting,
          sums = {s}.add_sums(y.sums, excluded.sums);
    END IF;

    IF request ? 'envelopes' THEN
      INSERT INTO {s}.envelopes AS y (namespace, number, shard, cost, input_tokens, output_tokens)
        SELECT ns, ${real("r.number")}, pg_backend_pid() % 64, r.cost, r.input_tokens, r.output_tokens
        FROM jsonb_to_recordset(request -> 'envelopes')
          AS r (number bigint, cost double precision, input_tokens double precision, output_tokens double precision) ORDER BY 2
        ON CONFLICT (namespace, number, shard) DO UPDATE SET cost = y.cost + excluded.cost,
          input_tokens = y.input_tokens + excluded.input_tokens, output_tokens = y.output_tokens + excluded.output_tokens;
    END IF;
    IF request ? 'budgetWindow' THEN
      UPDATE {s}.namespaces n SET budget_window = request ->> 'budgetWindow' WHERE n.id = ns;
    END IF;

    done := json_build_object('at', moment, 'drawn', drawn, 'events', event_ids, 'claimed', claimed, 'careful', careful);
    -- A claim that found nothing leaves no trace, and so costs no write to the disk.
    IF request ? 'writes' OR claimed <> '[]' THEN
      INSERT INTO {s}.writers AS w (id, step, answer, at) VALUES (id_of_writer, this_step, done::text, moment)
        ON CONFLICT (id) DO UPDATE SET step = excluded.step, answer = excluded.answer, at = excluded.at
        WHERE w.step < excluded.step;
      IF NOT FOUND THEN RAISE EXCEPTION 'the step came too late' USING ERRCODE = 'AW002'; END IF;
    END IF;
  END IF;

  IF NOT request ? 'tickets' AND NOT request ? 'conversations' AND (done IS NULL OR json_array_length(done -> 'claimed') = 0) THEN
    RETURN json_build_object('now', moment, 'done', done);
  END IF;
  RETURN json_build_object('now', moment, 'done', done,
    'tickets', (SELECT json_agg(json_build_array({s}.state(t), t.body::json, t.ending::json)) FROM (
        SELECT (r.value)::bigint AS number FROM jsonb_array_elements_text(request -> 'tickets') AS r (value)
        UNION SELECT (c.value ->> 2)::bigint FROM json_array_elements(done -> 'claimed') AS c (value)
      ) r CROSS JOIN LATERAL ${ticket("r.number")}),
    'parents', (SELECT json_agg({s}.state(p)) FROM json_array_elements(done -> 'claimed') AS c (value)
      CROSS JOIN LATERAL ${ticket("(c.value ->> 2)::bigint")} CROSS JOIN LATERAL ${ticket("t.parent", "p")}),
    'replies', (SELECT json_agg(json_build_array(r.number, {s}.replies_of(ns, r.number, r.from_index))) FROM (
        SELECT r.number, r.from_index FROM jsonb_to_recordset(request -> 'conversations') AS r (number bigint, from_index integer)
        UNION ALL SELECT t.number, 0 FROM json_array_elements(done -> 'claimed') AS c (value)
          CROSS JOIN LATERAL ${ticket("(c.value ->> 2)::bigint")} WHERE t.replies > 0
      ) r));
END $$;
`;
