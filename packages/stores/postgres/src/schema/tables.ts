/** The tables. `{s}` is the schema's quoted name. */
export const tables: string = `
CREATE TABLE {s}.namespaces (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  -- The runs that share a budget, as JSON.
  budget_window text
);

-- One row for each process that writes: the number of its last step and what that answered. A step that is sent again,
-- because nobody knows what became of it, is found here and not applied a second time.
CREATE TABLE {s}.writers (
  id uuid PRIMARY KEY,
  step bigint NOT NULL,
  answer text NOT NULL,
  at double precision NOT NULL
) WITH (fillfactor = 50);

-- version: grows with every change; what rules were applied to is compared by it.
-- rest: the fields of the state that no statement asks for. body, ending: what people gave, and how it ended.
CREATE TABLE {s}.tickets (
  namespace integer NOT NULL,
  number bigint NOT NULL,
  version bigint NOT NULL,
  status text NOT NULL,
  labels text[] NOT NULL,
  priority double precision NOT NULL,
  not_before double precision,
  parent bigint,
  agent text,
  waiting text,
  attempt integer NOT NULL,
  crashes integer NOT NULL,
  replies integer NOT NULL,
  created_at double precision NOT NULL,
  started_at double precision,
  finished_at double precision,
  token bigint NOT NULL,
  worker text,
  lease_until double precision,
  open_blockers integer NOT NULL,
  queued_at double precision,
  steps double precision NOT NULL,
  turns double precision NOT NULL,
  cost double precision NOT NULL,
  reserved text,
  retried boolean NOT NULL,
  attempt_started_at double precision,
  rest text NOT NULL,
  body text NOT NULL,
  ending text,
  PRIMARY KEY (namespace, number)
) WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX tickets_leases ON {s}.tickets (namespace, lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX tickets_reserved ON {s}.tickets (namespace) WHERE reserved IS NOT NULL;
CREATE INDEX tickets_children ON {s}.tickets (namespace, parent) WHERE parent IS NOT NULL;

-- Every ticket that is not final and not leased: one row for each of its labels, '' if it has none.
-- at: 0 when it can be claimed now; a time when it can be claimed then; 2^53 when it waits for something else.
-- rank: the negative priority.
CREATE TABLE {s}.queue (
  namespace integer NOT NULL,
  label text COLLATE "C" NOT NULL,
  at double precision NOT NULL,
  rank double precision NOT NULL,
  number bigint NOT NULL,
  PRIMARY KEY (namespace, label, at, rank, number)
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);

CREATE TABLE {s}.idempotency_keys (
  namespace integer NOT NULL,
  idempotency_key text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  PRIMARY KEY (namespace, idempotency_key)
);

CREATE TABLE {s}.blockers (
  namespace integer NOT NULL,
  blocker bigint NOT NULL,
  blocked bigint NOT NULL,
  PRIMARY KEY (namespace, blocker, blocked)
);

-- The replies that one commit appended, as a JSON array; first: the index of the first of them.
CREATE TABLE {s}.replies (
  namespace integer NOT NULL,
  ticket bigint NOT NULL,
  first integer NOT NULL,
  at double precision NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (namespace, ticket, first)
);

-- Ids come from a sequence for each namespace, events_<id of the namespace>; see the page on the event log's order.
CREATE TABLE {s}.events (
  namespace integer NOT NULL,
  id bigint NOT NULL,
  ticket bigint,
  type text NOT NULL,
  at double precision NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (namespace, id)
);
CREATE INDEX events_of_ticket ON {s}.events (namespace, ticket, id) WHERE ticket IS NOT NULL;

-- Sums over all tickets that ever were, and how many are in each status that is not final; label '' is all of them.
-- Each is spread over shards, so that no two backends wait for one row; what counts is the sum over the shards.
CREATE TABLE {s}.tallies (
  namespace integer NOT NULL,
  label text COLLATE "C" NOT NULL,
  shard integer NOT NULL,
  todo bigint NOT NULL,
  in_progress bigint NOT NULL,
  waiting bigint NOT NULL,
  sums double precision[] NOT NULL,
  PRIMARY KEY (namespace, label, shard)
) WITH (fillfactor = 25, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- What the tickets within an envelope spent, by the ticket that it belongs to; outlives that ticket.
CREATE TABLE {s}.envelopes (
  namespace integer NOT NULL,
  number bigint NOT NULL,
  shard integer NOT NULL,
  cost double precision NOT NULL,
  input_tokens double precision NOT NULL,
  output_tokens double precision NOT NULL,
  PRIMARY KEY (namespace, number, shard)
) WITH (fillfactor = 50);

CREATE TABLE {s}.knowledge (
  namespace integer NOT NULL,
  slug text COLLATE "C" NOT NULL,
  type text NOT NULL,
  description text NOT NULL,
  tags text[] NOT NULL,
  written_at double precision NOT NULL,
  body text NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (namespace, slug)
);
CREATE INDEX knowledge_words ON {s}.knowledge USING gin (words);
`;
