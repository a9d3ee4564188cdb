import type { Query } from "./read-records.ts";
import { ticketColumns } from "./schema/step-function.ts";

/** Rows and characters that one statement takes. */
const mostRows = 1_000;
const mostLength = 4_000_000;

const { names, types } = ticketColumns;

type TableName = "tickets" | "queue" | "keys" | "replies" | "blockers" | "events" | "tallies" | "envelopes";

/** Each takes the namespace and an array of rows. */
const inserts: Readonly<Record<TableName, string>> = {
  tickets: `INSERT INTO {s}.tickets (namespace, number, body, ending, ${names.join(", ")})
    SELECT $1, r.number, r.body, r.ending, ${names.map((name) => `r.${name}`).join(", ")}
    FROM json_to_recordset($2::json) AS r (number bigint, body text, ending text, ${types})`,
  queue: `INSERT INTO {s}.queue (namespace, label, at, rank, number) SELECT $1, r.label, r.at, r.rank, r.number
    FROM json_to_recordset($2::json) AS r (label text, at double precision, rank double precision, number bigint)`,
  keys: `INSERT INTO {s}.idempotency_keys (namespace, idempotency_key, number) SELECT $1, r.key, r.number
    FROM json_to_recordset($2::json) AS r (key text, number bigint)`,
  replies: `INSERT INTO {s}.replies (namespace, ticket, first, at, body) SELECT $1, r.ticket, r.first, r.at, r.body
    FROM json_to_recordset($2::json) AS r (ticket bigint, first integer, at double precision, body text)`,
  blockers: `INSERT INTO {s}.blockers (namespace, blocker, blocked) SELECT $1, r.blocker, r.blocked
    FROM json_to_recordset($2::json) AS r (blocker bigint, blocked bigint)`,
  events: `INSERT INTO {s}.events (namespace, id, ticket, type, at, body) SELECT $1, r.id, r.ticket, r.type, r.at, r.body
    FROM json_to_recordset($2::json) AS r (id bigint, ticket bigint, type text, at double precision, body text)`,
  tallies: `INSERT INTO {s}.tallies (namespace, label, shard, todo, in_progress, waiting, sums)
    SELECT $1, r.label, 0, r.todo, r.in_progress, r.waiting, r.sums FROM json_to_recordset($2::json)
      AS r (label text, todo bigint, in_progress bigint, waiting bigint, sums double precision[])`,
  envelopes: `INSERT INTO {s}.envelopes (namespace, number, shard, cost, input_tokens, output_tokens)
    SELECT $1, r.number, 0, r.cost, r.input, r.output FROM json_to_recordset($2::json)
      AS r (number bigint, cost double precision, input double precision, output double precision)`,
};

/** Gathers rows of a namespace, so that one statement takes many of them. */
export class RowBuffer {
  readonly #query: Query;
  readonly #namespace: number;
  readonly #rows: Map<TableName, string[]> = new Map();
  #length = 0;
  #isFull = false;

  constructor(query: Query, namespace: number) {
    this.#query = query;
    this.#namespace = namespace;
  }

  /** It is time to send. */
  get isFull(): boolean {
    return this.#isFull;
  }

  put(table: TableName, row: Readonly<Record<string, unknown>>): void {
    const text = JSON.stringify(row);
    const rows = this.#rows.get(table) ?? [];
    rows.push(text);
    this.#rows.set(table, rows);
    this.#length += text.length;
    this.#isFull ||= rows.length >= mostRows || this.#length >= mostLength;
  }

  async send(): Promise<void> {
    for (const [table, rows] of this.#rows) {
      await this.#query(inserts[table], [this.#namespace, `[${rows.join(",")}]`]);
    }
    this.#rows.clear();
    this.#length = 0;
    this.#isFull = false;
  }
}
