/**
 * Forward-only steps of the file's schema; a file's `user_version` is how many of them it has seen.
 * Never change one that was released: add another.
 *
 * Ids of tickets and events are `namespace * 2^36 + number`, so that one integer key serves all namespaces.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE namespaces (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;

  -- What rules read and change. Rows stay small; the large parts are in bodies, ends and replies.
  CREATE TABLE tickets (
    id INTEGER PRIMARY KEY,
    namespace INTEGER NOT NULL,
    status TEXT NOT NULL,
    labels TEXT NOT NULL,
    priority REAL NOT NULL,
    not_before REAL,
    parent INTEGER,
    agent TEXT,
    waiting TEXT,
    decisions TEXT,
    attempt INTEGER NOT NULL,
    crashes INTEGER NOT NULL,
    replies INTEGER NOT NULL,
    created_at REAL NOT NULL,
    started_at REAL,
    finished_at REAL,
    token INTEGER NOT NULL,
    worker TEXT,
    lease_until REAL,
    open_blockers INTEGER NOT NULL,
    open_children INTEGER NOT NULL,
    dependents INTEGER NOT NULL,
    queued_at REAL,
    steps REAL NOT NULL,
    turns REAL NOT NULL,
    requests REAL NOT NULL,
    tool_calls REAL NOT NULL,
    errors REAL NOT NULL,
    work_ms REAL NOT NULL,
    cost REAL NOT NULL,
    input_tokens REAL NOT NULL,
    output_tokens REAL NOT NULL,
    cache_read_tokens REAL NOT NULL,
    cache_write_tokens REAL NOT NULL,
    reasoning_tokens REAL NOT NULL
  ) STRICT;
  CREATE INDEX tickets_leases ON tickets (namespace, lease_until) WHERE lease_until IS NOT NULL;
  CREATE INDEX tickets_children ON tickets (parent) WHERE parent IS NOT NULL;

  -- Every ticket that is not final and not leased: one row for each of its labels, '' if it has none.
  -- at: 0 when it can be claimed now; a time when it can be claimed then; 2^53 when it waits for something else.
  -- rank: the negative priority.
  CREATE TABLE queue (
    namespace INTEGER NOT NULL,
    label TEXT NOT NULL,
    at REAL NOT NULL,
    rank REAL NOT NULL,
    ticket INTEGER NOT NULL,
    PRIMARY KEY (namespace, label, at, rank, ticket)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE bodies (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE ends (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;

  CREATE TABLE idempotency_keys (
    namespace INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL,
    ticket INTEGER NOT NULL,
    PRIMARY KEY (namespace, idempotency_key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE blockers (
    blocker INTEGER NOT NULL,
    blocked INTEGER NOT NULL,
    PRIMARY KEY (blocker, blocked)
  ) STRICT, WITHOUT ROWID;

  -- The replies that one commit appended, as a JSON array; first: the index of the first of them.
  CREATE TABLE replies (
    id INTEGER PRIMARY KEY,
    ticket INTEGER NOT NULL,
    first INTEGER NOT NULL,
    at REAL NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX replies_of_ticket ON replies (ticket, first);

  -- The events of one ticket within one transaction, as a JSON array; id: the id of the last of them.
  CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    ticket INTEGER,
    count INTEGER NOT NULL,
    at REAL NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_of_ticket ON events (ticket) WHERE ticket IS NOT NULL;

  -- Sums over all tickets that ever were; label '' is the sum over all of them, and has the counters of the namespace:
  -- the last numbers that were given out, and how many tickets are in each status that is not final.
  CREATE TABLE tallies (
    namespace INTEGER NOT NULL,
    label TEXT NOT NULL,
    created INTEGER NOT NULL,
    done INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    ticket_ms REAL NOT NULL,
    steps REAL NOT NULL,
    turns REAL NOT NULL,
    requests REAL NOT NULL,
    tool_calls REAL NOT NULL,
    errors REAL NOT NULL,
    work_ms REAL NOT NULL,
    cost REAL NOT NULL,
    input_tokens REAL NOT NULL,
    output_tokens REAL NOT NULL,
    cache_read_tokens REAL NOT NULL,
    cache_write_tokens REAL NOT NULL,
    reasoning_tokens REAL NOT NULL,
    last_ticket INTEGER NOT NULL DEFAULT 0,
    last_event INTEGER NOT NULL DEFAULT 0,
    todo INTEGER NOT NULL DEFAULT 0,
    in_progress INTEGER NOT NULL DEFAULT 0,
    waiting INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (namespace, label)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Both absent in most tickets, and written only when they change. reserved: the amounts of a request under way;
  -- extras: model, envelopes and failed attempts.
  ALTER TABLE tickets ADD COLUMN reserved TEXT;
  ALTER TABLE tickets ADD COLUMN extras TEXT;
  CREATE INDEX tickets_reserved ON tickets (namespace) WHERE reserved IS NOT NULL;

  -- What the tickets within an envelope spent, by the ticket that it belongs to.
  CREATE TABLE envelopes (
    id INTEGER PRIMARY KEY,
    cost REAL NOT NULL,
    input_tokens REAL NOT NULL,
    output_tokens REAL NOT NULL
  ) STRICT;

  -- The runs that share a budget, as JSON.
  ALTER TABLE namespaces ADD COLUMN budget_window TEXT;
  `,
];
