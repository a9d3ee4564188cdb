import { progressNames } from "../ticket-row.ts";
import { claimStatements, claimVariables } from "./claim-statements.ts";
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

const assignmentsOf = (changed: readonly string[]): string =>
  changed
    .filter((name) => name !== "version" && name !== "number")
    .map((name) => `${name} = line.${name}`)
    .join(", ");

/** Of the columns that work on a ticket changes; the version is the one after the step. */
const progressTypes = columns
  .split(",")
  .filter((column) => ["version", ...progressNames].some((name) => column.trim().startsWith(`${name} `)))
  .join(",");

/** Numbers from \`base\` on stand for tickets that get theirs here. */
const real = (value: string): string =>
  `CASE WHEN ${value} >= base THEN drawn[(${value} - base + 1)::integer] ELSE ${value} END`;

const text = (name: string): string =>
  `CASE WHEN r.refs IS NULL THEN r.${name} ELSE {s}.named(r.${name}, r.refs, base, drawn) END`;
const inserted = (name: string): string => {
  if (name === "parent") return real("r.parent");
  return name === "waiting" || name === "rest" ? text(name) : `r.${name}`;
};

/** The lines of a part of the request, each with the place of its row. Rows are found by key, one by one, and joined by their place. */
const placed = (part: string, types: string, table: string, match: string): string =>
  `(SELECT r.*, x.place FROM jsonb_to_recordset(request -> '${part}') AS r (${types})
          CROSS JOIN LATERAL (SELECT y.ctid AS place FROM {s}.${table} y WHERE y.namespace = ns AND ${match} OFFSET 0) x OFFSET 0)`;

/**
 * Changes tickets, if they are still as the step was told. The version is asked of the row that is written, too: until the
 * end of 2025 no server looked at the place again after it had waited for somebody else's change of the row.
 */
const updated = (part: string, types: string, assignments: string): string =>
  `IF request ? '${part}' THEN
      UPDATE {s}.tickets t SET version = t.version + 1, ${assignments},
          ending = CASE WHEN line.ends THEN line.ending ELSE t.ending END
        FROM ${placed(part, `number bigint, ends boolean, ending text, ${types}`, "tickets", "y.number = r.number AND y.version = r.version - 1")} line
        WHERE t.ctid = line.place AND t.version = line.version - 1;
      GET DIAGNOSTICS rows_found = ROW_COUNT;
      IF rows_found < jsonb_array_length(request -> '${part}') THEN RAISE EXCEPTION 'a ticket has changed' USING ERRCODE = 'AW003'; END IF;
    END IF;`;

/**
 * One transaction of a writer, in one call. The request says which versions of which tickets its changes were computed
 * from, and when; if that does not hold any more, nothing is written and the answer has what is there now. A step that
 * was applied before, and whose answer got lost, is answered again and not applied again.
 */
export const stepFunction: string = `
CREATE FUNCTION {s}.step(request jsonb) RETURNS json LANGUAGE plpgsql ${functionSettings} AS $$
DECLARE
  ns integer := (request ->> 'namespace')::integer;
  id_of_writer uuid := (request ->> 'writer')::uuid;
  this_step bigint := (request ->> 'step')::bigint;
  base bigint := (request ->> 'base')::bigint;
  moment double precision := {s}.moment();
  event_ids_of regclass := '{s}.events_' || ns;
  ticket_ids_of regclass := '{s}.tickets_' || ns;
  done json;
  found_json json;
  rows_found bigint;
  drawn bigint[] := '{}';
  event_ids bigint[] := '{}';
  has_due boolean := false;
  queues text[];
  found_tickets json;
  found_parents json;
  found_replies json;${claimVariables}
BEGIN
  -- Nobody knows what became of the steps from 'after' on. One that was applied is answered; otherwise none of them
  -- can be applied any more, however late it arrives.
  IF request ? 'after' THEN
    INSERT INTO {s}.writers AS w (id, step, answer, at) VALUES (id_of_writer, this_step - 1, 'null', moment)
      ON CONFLICT (id) DO UPDATE SET step = greatest(w.step, excluded.step), answer = excluded.answer, at = excluded.at
      WHERE w.step < (request ->> 'after')::bigint OR w.answer = 'null';
    IF FOUND THEN RETURN json_build_object('now', moment); END IF;
    SELECT w.answer::json INTO done FROM {s}.writers w WHERE w.id = id_of_writer;
    begun := ARRAY(SELECT (n.value ->> 0)::bigint FROM json_array_elements(done -> 'claimed') AS c (value),
      json_array_elements(c.value -> 3) AS n (value));
    has_parents := true;
    has_replies := true;
  END IF;

  IF done IS NULL THEN
    IF abs(moment - (request ->> 'now')::double precision) > 5000 AND NOT request ? 'locked' THEN
      RETURN json_build_object('now', moment, 'conflict', '[]'::json);
    END IF;
    IF request ? 'reads' THEN
      found_json := {s}.hold_versions(ns, (request -> 'reads' ->> 'numbers')::bigint[], (request -> 'reads' ->> 'versions')::bigint[]);
      IF found_json IS NOT NULL THEN RETURN json_build_object('now', moment, 'conflict', found_json); END IF;
    END IF;
    IF request ? 'keys' THEN
      SELECT json_agg(json_build_array(k.idempotency_key, k.number)) INTO found_json
        FROM jsonb_to_recordset(request -> 'keys') AS r (key text) CROSS JOIN LATERAL (
          SELECT * FROM {s}.idempotency_keys i WHERE i.namespace = ns AND i.idempotency_key = r.key OFFSET 0) k;
      IF found_json IS NOT NULL THEN RETURN json_build_object('now', moment, 'conflict', '[]'::json, 'keys', found_json); END IF;
    END IF;
  END IF;

  IF done IS NULL AND (request ? 'writes' OR request ? 'claims') THEN
    ${updated("updates", `body text, ${columns}`, `${assignmentsOf(names)}, body = coalesce(line.body, t.body)`)}
    ${updated("progress", progressTypes, assignmentsOf(progressNames))}
    -- After what may undo the step, so that no number is drawn in vain.
    IF request ? 'inserts' THEN
      drawn := ARRAY(SELECT nextval(ticket_ids_of) FROM generate_series(1, jsonb_array_length(request -> 'inserts')));
      IF request ? 'keys' THEN
        INSERT INTO {s}.idempotency_keys (namespace, idempotency_key, number)
          SELECT ns, r.key, ${real("r.number")} FROM jsonb_to_recordset(request -> 'keys') AS r (key text, number bigint)
          ORDER BY r.key ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS rows_found = ROW_COUNT;
        IF rows_found < jsonb_array_length(request -> 'keys') THEN RAISE EXCEPTION 'a key was taken' USING ERRCODE = 'AW001'; END IF;
      END IF;
      INSERT INTO {s}.tickets (namespace, number, body, ending, ${names.join(", ")})
        SELECT ns, ${real("r.number")}, ${text("body")}, ${text("ending")}, ${names.map(inserted).join(", ")}
        FROM jsonb_to_recordset(request -> 'inserts') AS r (number bigint, body text, ending text, refs bigint[], ${columns});
    END IF;
    IF request ? 'unqueued' THEN
      DELETE FROM {s}.queue q
        USING ${placed("unqueued", "label text, at double precision, rank double precision, number bigint", "queue", "y.label = r.label AND y.at = r.at AND y.rank = r.rank AND y.number = r.number")} line
        WHERE q.ctid = line.place;
    END IF;
    IF request ? 'queued' THEN
      INSERT INTO {s}.queue (namespace, label, at, rank, number)
        SELECT ns, r.label, r.at, r.rank, ${real("r.number")} FROM jsonb_to_recordset(request -> 'queued')
          AS r (label text, at double precision, rank double precision, number bigint);
    END IF;
    IF request ? 'freed' THEN
      DELETE FROM {s}.blockers b
        USING (SELECT x.place FROM unnest((request ->> 'freed')::bigint[]) AS r (number) CROSS JOIN LATERAL (
          SELECT y.ctid AS place FROM {s}.blockers y WHERE y.namespace = ns AND y.blocker = r.number OFFSET 0) x OFFSET 0) line
        WHERE b.ctid = line.place;
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
      queues := (request ->> 'queues')::text[];
      IF EXISTS (
        SELECT 1 FROM (SELECT t.lease_until FROM {s}.tickets t WHERE t.namespace = ns AND t.lease_until <= moment
          ORDER BY t.lease_until LIMIT 1) l
        UNION ALL SELECT 1 FROM unnest(queues) AS w (label) CROSS JOIN LATERAL (
          SELECT q.at FROM {s}.queue q WHERE q.namespace = ns AND q.label = w.label AND q.at > 0 AND q.at <= moment
          ORDER BY q.at LIMIT 1) h
      ) THEN
        has_due := true;
        PERFORM {s}.queue_due(ns, queues, moment);
      END IF;
    END IF;
    -- Before any id is drawn: who reads the log waits for those that hold this lock when there is a gap.
    IF request ? 'events' OR request ? 'claims' THEN
      PERFORM pg_advisory_xact_lock_shared(hashtext('{s}.events'), ns);
    END IF;
    IF request ? 'events' THEN
      WITH told AS (
        INSERT INTO {s}.events (namespace, id, ticket, type, at, body)
          SELECT ns, nextval(event_ids_of), ${real("r.ticket")}, r.type, moment, ${text("body")}
          FROM jsonb_to_recordset(request -> 'events') AS r (ticket bigint, type text, body text, refs bigint[])
        RETURNING id)
      SELECT array_agg(t.id) INTO event_ids FROM told t;
    END IF;

    IF request ? 'claims' THEN${claimStatements}
    END IF;

    IF request ? 'tallies' OR claimed <> '[]' THEN
      INSERT INTO {s}.tallies AS y (namespace, label, shard, todo, in_progress, waiting, sums)
        SELECT ns, a.label, pg_backend_pid() % 64, sum(a.todo), sum(a.in_progress), sum(a.waiting), {s}.sum_of_sums(a.sums) FROM (
          SELECT r.label, r.todo, r.in_progress, r.waiting, r.sums FROM jsonb_to_recordset(request -> 'tallies')
            AS r (label text, todo bigint, in_progress bigint, waiting bigint, sums double precision[])
          UNION ALL
          SELECT r.label, 0 - r.fresh, r.fresh, 0,
            array_fill(0::double precision, ARRAY[(request ->> 'stepsPlace')::integer]) || r.steps
          FROM jsonb_to_recordset(claim_tallies) AS r (label text, fresh bigint, steps double precision)
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

    IF request ? 'notify' THEN PERFORM pg_notify(request -> 'notify' ->> 'channel', request -> 'notify' ->> 'payload'); END IF;

    done := json_build_object('at', moment, 'drawn', drawn, 'events', event_ids, 'claimed', claimed, 'careful', careful, 'heads', heads);
    -- A claim that found nothing leaves no trace, and so costs no write to the disk.
    IF request ? 'writes' OR claimed <> '[]' THEN
      INSERT INTO {s}.writers AS w (id, step, answer, at) VALUES (id_of_writer, this_step, done::text, moment)
        ON CONFLICT (id) DO UPDATE SET step = excluded.step, answer = excluded.answer, at = excluded.at
        WHERE w.step < excluded.step;
      IF NOT FOUND THEN RAISE EXCEPTION 'the step came too late' USING ERRCODE = 'AW002'; END IF;
    END IF;
  END IF;

  IF request ? 'tickets' OR cardinality(begun) > 0 THEN
    SELECT json_agg(json_build_array({s}.state(t), t.body::json, t.ending::json)) INTO found_tickets FROM (
        SELECT DISTINCT w.number FROM unnest((request ->> 'tickets')::bigint[] || begun) AS w (number)
      ) w CROSS JOIN LATERAL ${ticket("w.number")};
  END IF;
  IF has_parents THEN
    SELECT json_agg({s}.state(p)) INTO found_parents FROM unnest(begun) AS b (number)
      CROSS JOIN LATERAL ${ticket("b.number")} CROSS JOIN LATERAL ${ticket("t.parent", "p")};
  END IF;
  IF has_replies OR request ? 'conversations' THEN
    SELECT json_agg(json_build_array(r.number, {s}.replies_of(ns, r.number, r.from_index))) INTO found_replies FROM (
        SELECT r.number, r.from_index FROM jsonb_to_recordset(request -> 'conversations') AS r (number bigint, from_index integer)
        UNION ALL SELECT t.number, 0 FROM unnest(begun) AS b (number) CROSS JOIN LATERAL ${ticket("b.number")} WHERE t.replies > 0
      ) r;
  END IF;
  RETURN json_build_object('now', moment, 'done', done, 'tickets', found_tickets, 'parents', found_parents, 'replies', found_replies);
END $$;
`;
