import { functionSettings } from "./function-settings.ts";

/** What a writer reads before a step, what readers of the log need, and the registration of namespaces. */
export const readFunctions: string = `
-- Within a transaction: locks what is to be peeked at, so that nobody comes between.
CREATE FUNCTION {s}.hold(request jsonb) RETURNS void LANGUAGE plpgsql ${functionSettings} AS $$
DECLARE
  ns integer := (request ->> 'namespace')::integer;
BEGIN
  IF request ? 'budget' THEN PERFORM pg_advisory_xact_lock(hashtext('{s}.budgets'), ns); END IF;
  PERFORM 1 FROM jsonb_array_elements_text(request -> 'tickets') AS r (value)
    JOIN {s}.tickets t ON t.namespace = ns AND t.number = r.value::bigint ORDER BY t.number FOR UPDATE OF t;
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
BEGIN

  -- Who finishes a ticket needs those that it blocks; who fails it, all that wait behind those, too.
  WITH RECURSIVE held (blocker, deep) AS (
    SELECT (r.value ->> 0)::bigint, (r.value ->> 1)::boolean FROM jsonb_array_elements(request -> 'dependents') AS r (value)
    UNION SELECT b.blocked, true FROM held h JOIN {s}.blockers b ON b.namespace = ns AND b.blocker = h.blocker WHERE h.deep)
  SELECT json_agg(json_build_array(h.blocker, ARRAY(SELECT b.blocked FROM {s}.blockers b
      WHERE b.namespace = ns AND b.blocker = h.blocker ORDER BY b.blocked)))
    INTO dependents FROM (SELECT DISTINCT blocker FROM held) h;
  following := ARRAY(SELECT DISTINCT (f.value)::bigint FROM json_array_elements(dependents) AS d (value),
    json_array_elements_text(d.value -> 1) AS f (value));

  SELECT json_agg(json_build_array(w.value, h.rank, h.number)), array_agg(h.number) INTO candidates, ahead
    FROM jsonb_array_elements_text(request -> 'queues') AS w (value) CROSS JOIN LATERAL (
      SELECT q.rank, q.number FROM {s}.queue q WHERE q.namespace = ns AND q.label = w.value AND q.at = 0
      ORDER BY q.rank, q.number LIMIT (request ->> 'most')::integer) h;
  RETURN json_build_object('now', {s}.moment(),
    'states', (SELECT json_agg({s}.state(t)) FROM (
        SELECT f.number FROM unnest(numbers) AS f (number)
        UNION SELECT t.parent FROM unnest(numbers) AS f (number) JOIN {s}.tickets t ON t.namespace = ns AND t.number = f.number
          WHERE t.parent IS NOT NULL
        UNION SELECT f.number FROM unnest(ahead) AS f (number)
        UNION SELECT t.number FROM {s}.tickets t WHERE request ? 'budget' AND t.namespace = ns AND t.reserved IS NOT NULL
      ) f JOIN {s}.tickets t ON t.namespace = ns AND t.number = f.number),
    'dependents', dependents,
    'candidates', candidates,
    'budget', CASE WHEN request ? 'budget' THEN json_build_object(
        'window', (SELECT n.budget_window FROM {s}.namespaces n WHERE n.id = ns),
        'sums', (SELECT {s}.sum_of_sums(y.sums) FROM {s}.tallies y WHERE y.namespace = ns AND y.label = ''),
        'envelopes', (SELECT json_agg(json_build_array(e.number, e.cost, e.input_tokens, e.output_tokens)) FROM (
          SELECT e.number, sum(e.cost) AS cost, sum(e.input_tokens) AS input_tokens, sum(e.output_tokens) AS output_tokens
          FROM {s}.envelopes e WHERE e.namespace = ns AND e.number IN (
            SELECT r.value::bigint FROM jsonb_array_elements_text(request -> 'envelopes') AS r (value)) GROUP BY e.number) e)) END,
    'keys', (SELECT json_agg(json_build_array(k.idempotency_key, k.number))
        FROM jsonb_array_elements_text(request -> 'keys') AS r (value)
        JOIN {s}.idempotency_keys k ON k.namespace = ns AND k.idempotency_key = r.value),
    'tickets', (SELECT json_agg(json_build_array({s}.state(t), t.body::json, t.ending::json))
        FROM (SELECT r.value::bigint AS number FROM jsonb_array_elements_text(request -> 'texts') AS r (value)
          UNION SELECT f.number FROM unnest(following) AS f (number)) r
        JOIN {s}.tickets t ON t.namespace = ns AND t.number = r.number),
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

-- A text as it is, any other JSON as its text.
CREATE FUNCTION {s}.content(document text, field text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE json_typeof(document::json -> field) WHEN 'string' THEN document::json ->> field ELSE (document::json -> field)::text END;
EXCEPTION WHEN untranslatable_character OR invalid_text_representation THEN
  -- Of what PostgreSQL cannot hold as text, such as the character 0, its JSON.
  RETURN (document::json -> field)::text;
END $$;

-- Removes those of the given tickets that are final and that no open ticket waits for; answers how many.
CREATE FUNCTION {s}.prune(ns integer, given bigint[]) RETURNS bigint LANGUAGE plpgsql ${functionSettings} AS $$
DECLARE
  doomed bigint[];
BEGIN
  doomed := ARRAY(
    SELECT t.number FROM unnest(given) AS f (number) JOIN {s}.tickets t ON t.namespace = ns AND t.number = f.number
    WHERE t.status IN ('done', 'failed', 'cancelled') AND NOT EXISTS (
      SELECT 1 FROM {s}.blockers b JOIN {s}.tickets d ON d.namespace = ns AND d.number = b.blocked
      WHERE b.namespace = ns AND b.blocker = t.number AND d.status NOT IN ('done', 'failed', 'cancelled'))
    ORDER BY t.number FOR UPDATE OF t);
  DELETE FROM {s}.idempotency_keys k USING unnest(doomed) AS f (number), {s}.tickets t
    WHERE t.namespace = ns AND t.number = f.number AND k.namespace = ns
      AND k.idempotency_key = {s}.content(t.body, 'idempotencyKey') AND k.number = t.number;
  DELETE FROM {s}.replies r USING unnest(doomed) AS f (number) WHERE r.namespace = ns AND r.ticket = f.number;
  DELETE FROM {s}.blockers b USING unnest(doomed) AS f (number) WHERE b.namespace = ns AND b.blocker = f.number;
  DELETE FROM {s}.tickets t USING unnest(doomed) AS f (number) WHERE t.namespace = ns AND t.number = f.number;
  RETURN cardinality(doomed);
END $$;
`;
