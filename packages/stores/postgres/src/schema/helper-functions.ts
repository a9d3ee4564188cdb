import { ticket } from "./function-settings.ts";

/** What the other functions are made of. They run with the settings of those that call them. */
export const helperFunctions: string = `
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
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  FOR place IN 1 .. cardinality(b) LOOP a[place] := coalesce(a[place], 0) + b[place]; END LOOP;
  RETURN a;
END $$;
CREATE AGGREGATE {s}.sum_of_sums(double precision[]) (
  SFUNC = {s}.add_sums, STYPE = double precision[], INITCOND = '{}'
);

-- Tickets that a text names by the number that stood for theirs.
CREATE FUNCTION {s}.named(body text, refs bigint[], base bigint, drawn bigint[]) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  ref bigint;
BEGIN
  FOREACH ref IN ARRAY refs LOOP
    body := replace(body, ref::text, drawn[(ref - base + 1)::integer]::text);
  END LOOP;
  RETURN body;
END $$;

-- Locks tickets in the order in which they are given, which is the same for everybody, and compares;
-- answers with what is there where it differs, and with nothing where nothing does.
CREATE FUNCTION {s}.hold_versions(ns integer, wanted bigint[], wanted_versions bigint[]) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  found_numbers bigint[];
  found_versions bigint[];
BEGIN
  SELECT array_agg(t.number), array_agg(t.version) INTO found_numbers, found_versions FROM unnest(wanted) AS w (number)
    CROSS JOIN LATERAL (SELECT x.number, x.version FROM {s}.tickets x WHERE x.namespace = ns AND x.number = w.number FOR UPDATE) t;
  IF found_numbers = wanted AND found_versions = wanted_versions THEN RETURN NULL; END IF;
  RETURN (SELECT json_agg(json_build_array(w.number, CASE WHEN t.number IS NOT NULL THEN {s}.state(t) END))
    FROM unnest(wanted, wanted_versions) AS w (number, version)
    LEFT JOIN LATERAL ${ticket("w.number")} ON true WHERE coalesce(t.version, 0) <> w.version);
END $$;
`;
