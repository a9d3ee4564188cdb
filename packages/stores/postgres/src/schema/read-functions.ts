import { functionSettings, ticket } from "./function-settings.ts";

/** Escapes of such characters, and what is before them: an even number of backslashes, which are none of theirs. */
const unreadable = String.raw`E'(?<!\\\\)((?:\\\\\\\\)*)\\\\u(d[89a-f][0-9a-f]{2}|0000)'`;
const replacement = String.raw`E'\\1\\\\ufffd'`;

const monthMs = 30 * 24 * 3_600_000;

/** What a writer reads before a step, what readers of the log need, and the registration of namespaces. */
export const readFunctions: string = `
-- Within a transaction: locks what is to be peeked at, so that nobody comes between.
CREATE FUNCTION {s}.hold(request jsonb) RETURNS void LANGUAGE plpgsql ${functionSettings} AS $$
DECLARE
  held bigint;
  ns integer := (request ->> 'namespace')::integer;
BEGIN
  IF request ? 'budget' THEN PERFORM pg_advisory_xact_lock(hashtext('{s}.budgets'), ns); END IF;
  FOR held IN SELECT r.value::bigint FROM jsonb_array_elements_text(request -> 'tickets') AS r (value) ORDER BY 1 LOOP
    PERFORM 1 FROM {s}.tickets t WHERE t.namespace = ns AND t.number = held FOR UPDATE;
  END LOOP;
END $$;

-- STABLE, so that all of it is read in one snapshot.
CREATE FUNCTION {s}.peek(request jsonb) RETURNS json LANGUAGE plpgsql STABLE ${functionSettings} AS $$
DECLARE
  ns integer := (request ->> 'namespace')::integer;
  numbers bigint[] := ARRAY(SELECT r.value::bigint FROM jsonb_array_elements_text(request -> 'tickets') AS r (value));
  dependents json;
  following bigint[] := '{}';
  candidates json;
  ahead bigint[] := '{}';
  reserved bigint[] := '{}';
BEGIN

  -- Who finishes a ticket needs those that it blocks; who fails it, all that wait behind those, too.
  WITH RECURSIVE held (blocker, deep) AS (
    SELECT (r.value ->> 0)::bigint, (r.value ->> 1)::boolean FROM jsonb_array_elements(request -> 'dependents') AS r (value)
    UNION SELECT b.blocked, true FROM held h CROSS JOIN LATERAL (
      SELECT x.blocked FROM {s}.blockers x WHERE x.namespace = ns AND x.blocker = h.blocker OFFSET 0) b WHERE h.deep)
  SELECT json_agg(json_build_array(h.blocker, ARRAY(SELECT b.blocked FROM {s}.blockers b
      WHERE b.namespace = ns AND b.blocker = h.blocker ORDER BY b.blocked)))
    INTO dependents FROM (SELECT DISTINCT blocker FROM held) h;
  following := ARRAY(SELECT DISTINCT (f.value)::bigint FROM json_array_elements(dependents) AS d (value),
    json_array_elements_text(d.value -> 1) AS f (value));

  SELECT json_agg(json_build_array(w.value, h.rank, h.number)), array_agg(h.number) INTO candidates, ahead
    FROM jsonb_array_elements_text(request -> 'queues') AS w (value) CROSS JOIN LATERAL (
      SELECT q.rank, q.number FROM {s}.queue q WHERE q.namespace = ns AND q.label = w.value AND q.at = 0
      ORDER BY q.rank, q.number LIMIT (request ->> 'most')::integer) h;
  IF request ? 'budget' THEN
    -- Planned each time: the index is worth nothing while the table is small, and all when it has grown.
    EXECUTE 'SELECT array_agg(t.number) FROM {s}.tickets t WHERE t.namespace = $1 AND t.reserved IS NOT NULL' INTO reserved USING ns;
  END IF;
  RETURN json_build_object('now', {s}.moment(),
    'states', (SELECT json_agg({s}.state(t)) FROM (
        SELECT f.number FROM unnest(numbers) AS f (number)
        UNION SELECT t.parent FROM unnest(numbers) AS f (number) CROSS JOIN LATERAL ${ticket("f.number")} WHERE t.parent IS NOT NULL
        UNION SELECT f.number FROM unnest(following) AS f (number)
        UNION SELECT f.number FROM unnest(ahead) AS f (number)
        UNION SELECT f.number FROM unnest(reserved) AS f (number)
      ) f CROSS JOIN LATERAL ${ticket("f.number")}),
    'dependents', dependents,
    'candidates', candidates,
    'budget', CASE WHEN request ? 'budget' THEN json_build_object(
        'window', (SELECT n.budget_window FROM {s}.namespaces n WHERE n.id = ns),
        'sums', (SELECT {s}.sum_of_sums(y.sums) FROM {s}.tallies y WHERE y.namespace = ns AND y.label = ''),
        'envelopes', (SELECT json_agg(json_build_array(e.number, e.cost, e.input_tokens, e.output_tokens)) FROM (
          SELECT e.number, sum(e.cost) AS cost, sum(e.input_tokens) AS input_tokens, sum(e.output_tokens) AS output_tokens
          FROM jsonb_array_elements_text(request -> 'envelopes') AS r (value) CROSS JOIN LATERAL (
            SELECT x.* FROM {s}.envelopes x WHERE x.namespace = ns AND x.number = r.value::bigint OFFSET 0) e GROUP BY e.number) e)) END,
    'keys', (SELECT json_agg(json_build_array(k.idempotency_key, k.number))
        FROM jsonb_array_elements_text(request -> 'keys') AS r (value) CROSS JOIN LATERAL (
          SELECT * FROM {s}.idempotency_keys i WHERE i.namespace = ns AND i.idempotency_key = r.value OFFSET 0) k),
    'tickets', (SELECT json_agg(json_build_array({s}.state(t), t.body::json, t.ending::json))
        FROM (SELECT r.value::bigint AS number FROM jsonb_array_elements_text(request -> 'texts') AS r (value)
          UNION SELECT f.number FROM unnest(following) AS f (number)) r CROSS JOIN LATERAL ${ticket("r.number")}),
    'replies', (SELECT json_agg(json_build_array(r.value::bigint, {s}.replies_of(ns, r.value::bigint, 0)))
        FROM jsonb_array_elements_text(request -> 'conversations') AS r (value)));
END $$;

-- Waits for everybody who had drawn ids of events when it was called; afterwards a missing id stays missing.
CREATE FUNCTION {s}.settle_events(ns integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('{s}.events'), ns);
END $$;

CREATE FUNCTION {s}.open_namespace(given text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('{s}.namespaces'), 0);
  SELECT n.id INTO found FROM {s}.namespaces n WHERE n.name = given;
  IF found IS NULL THEN
    INSERT INTO {s}.namespaces (name) VALUES (given) RETURNING id INTO found;
    EXECUTE format('CREATE SEQUENCE {s}.tickets_%s; CREATE SEQUENCE {s}.events_%s', found, found);
  END IF;
  RETURN found;
END $$;

-- A text as it is, any other JSON as its text. PostgreSQL reads no document with the character 0 or half of a surrogate
-- pair anywhere in it: in the place of those stands U+FFFD.
CREATE FUNCTION {s}.content(document text, field text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE json_typeof(document::json -> field) WHEN 'string' THEN document::json ->> field ELSE (document::json -> field)::text END;
EXCEPTION WHEN untranslatable_character OR invalid_text_representation THEN
  document := regexp_replace(document, ${unreadable}, ${replacement}, 'gi');
  RETURN CASE json_typeof(document::json -> field) WHEN 'string' THEN document::json ->> field ELSE (document::json -> field)::text END;
END $$;

-- Removes those of the given tickets that are final and that no open ticket waits for, and what is kept for writers that
-- are long gone; answers how many tickets.
CREATE FUNCTION {s}.prune(ns integer, given bigint[]) RETURNS bigint LANGUAGE plpgsql ${functionSettings} AS $$
DECLARE
  one bigint;
  key_of_one text;
  removed bigint := 0;
BEGIN
  -- Each process leaves one. Nobody asks for an answer that was lost a month ago.
  DELETE FROM {s}.writers w WHERE w.at < {s}.moment() - ${monthMs};
  FOREACH one IN ARRAY given LOOP
    SELECT {s}.content(t.body, 'idempotencyKey') INTO key_of_one FROM {s}.tickets t
      WHERE t.namespace = ns AND t.number = one AND t.status IN ('done', 'failed', 'cancelled') FOR UPDATE;
    CONTINUE WHEN NOT FOUND OR EXISTS (
      SELECT 1 FROM {s}.blockers b CROSS JOIN LATERAL ${ticket("b.blocked", "d")}
      WHERE b.namespace = ns AND b.blocker = one AND d.status NOT IN ('done', 'failed', 'cancelled'));
    DELETE FROM {s}.idempotency_keys k WHERE k.namespace = ns AND k.idempotency_key = key_of_one AND k.number = one;
    DELETE FROM {s}.replies r WHERE r.namespace = ns AND r.ticket = one;
    DELETE FROM {s}.blockers b WHERE b.namespace = ns AND b.blocker = one;
    DELETE FROM {s}.tickets t WHERE t.namespace = ns AND t.number = one;
    removed := removed + 1;
  END LOOP;
  RETURN removed;
END $$;
`;
