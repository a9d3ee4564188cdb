import { type EventDraft, type Reply, type ReplyDraft, ticketKeyOf } from "@agentwerk/core";
import {
  allLabels,
  orderedState,
  recordVersion,
  type StoreRecord,
  tallyFields,
} from "@agentwerk/core/store-kit";
import type { Row } from "./database.ts";
import { toStored } from "./ticket-row.ts";

/** Asks the connection that has the snapshot; `{s}` stands for the schema. */
export type Query = (sql: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/** Rows whose sizes are asked for at once, and how much of them is read at once. */
const ahead = 1_000;
const pageBytes = 4_000_000;

interface Table {
  readonly name: "tickets" | "replies" | "blockers" | "events";
  /** The columns of its key, but for the namespace. */
  readonly keys: readonly string[];
  /** How large a row is; the server knows without reading what it is about. */
  readonly bytes: string;
  readonly columns: string;
}

const tickets: Table = {
  name: "tickets",
  keys: ["number"],
  bytes: "octet_length(t.body) + octet_length(t.rest) + coalesce(octet_length(t.ending), 0)",
  columns: "{s}.state(t) AS state, t.body, t.ending",
};
const replies: Table = {
  name: "replies",
  keys: ["ticket", "first"],
  bytes: "octet_length(t.body)",
  columns: "t.ticket, t.first, t.at, t.body",
};
const blockers: Table = {
  name: "blockers",
  keys: ["blocker", "blocked"],
  bytes: "16",
  columns: "t.blocker, t.blocked",
};
const events: Table = { name: "events", keys: ["id"], bytes: replies.bytes, columns: "t.id, t.at, t.body" };

/** All records of a namespace, some megabytes at a time, within the read transaction that is open. */
export async function* readRecords(query: Query, namespace: number): AsyncIterable<StoreRecord> {
  const counts = { tickets: 0, replies: 0, events: 0 };
  yield await namespaceRecord(query, namespace);
  for await (const { state, body, ending } of rowsOf(query, namespace, tickets)) {
    if (!Array.isArray(state)) throw new TypeError("A ticket's state is no array.");
    counts.tickets += 1;
    yield {
      kind: "ticket",
      state: orderedState(toStored(state).state),
      body: parse(body),
      ...(ending !== null && { end: parse(ending) }),
    };
  }
  for await (const { ticket, first, at, body } of rowsOf(query, namespace, replies)) {
    const drafts: readonly ReplyDraft[] = parse(body);
    for (const [place, draft] of drafts.entries()) {
      counts.replies += 1;
      const reply: Reply = { ...draft, index: Number(first) + place, at: Number(at) };
      yield { kind: "reply", ticket: ticketKeyOf(Number(ticket)), reply };
    }
  }
  for await (const row of rowsOf(query, namespace, blockers)) {
    const [blocker, blocked] = [ticketKeyOf(Number(row.blocker)), ticketKeyOf(Number(row.blocked))];
    yield { kind: "blocker", blocker, blocked };
  }
  for await (const { id, at, body } of rowsOf(query, namespace, events)) {
    const draft: EventDraft = parse(body);
    counts.events += 1;
    yield { kind: "event", event: { id: Number(id), at: Number(at), ...draft } };
  }
  yield* await sumRecords(query, namespace);
  yield { kind: "end", ...counts };
}

async function namespaceRecord(query: Query, namespace: number): Promise<StoreRecord> {
  const last = async (name: "tickets" | "events", key: string): Promise<number> => {
    const [row] = await query(
      `SELECT greatest((SELECT CASE WHEN q.is_called THEN q.last_value ELSE 0 END FROM {s}.${name}_${namespace} q),
         (SELECT max(t.${key}) FROM {s}.${name} t WHERE t.namespace = $1)) AS last`,
      [namespace],
    );
    return Number(row?.last);
  };
  const [row] = await query("SELECT budget_window FROM {s}.namespaces WHERE id = $1", [namespace]);
  const window = row?.budget_window;
  return {
    kind: "namespace",
    version: recordVersion,
    lastTicket: await last("tickets", "number"),
    lastEvent: await last("events", "id"),
    ...(typeof window === "string" && { budgetWindow: JSON.parse(window) }),
  };
}

/** Sums are added up in one order, so that they come out the same each time. */
async function sumRecords(query: Query, namespace: number): Promise<readonly StoreRecord[]> {
  const sums = await query(
    `SELECT y.label, {s}.sum_of_sums(y.sums ORDER BY y.shard) AS sums FROM {s}.tallies y
     WHERE y.namespace = $1 GROUP BY y.label ORDER BY y.label`,
    [namespace],
  );
  const tallies = sums.map(({ label, sums: values }) => ({
    kind: "tally" as const,
    label: String(label),
    sums: tallyFields.map((_, place) => (Array.isArray(values) ? Number(values[place] ?? 0) : 0)),
  }));
  const all = tallies.find(({ label }) => label === allLabels);
  const spent = await query(
    `SELECT e.number, sum(e.cost ORDER BY e.shard) AS cost, sum(e.input_tokens ORDER BY e.shard) AS input,
       sum(e.output_tokens ORDER BY e.shard) AS output
     FROM {s}.envelopes e WHERE e.namespace = $1 GROUP BY e.number ORDER BY e.number`,
    [namespace],
  );
  return [
    all ?? { kind: "tally", label: allLabels, sums: tallyFields.map(() => 0) },
    ...tallies.filter(({ label, sums: values }) => label !== allLabels && values.some((sum) => sum !== 0)),
    ...spent.map(({ number, cost, input, output }) => ({
      kind: "envelope" as const,
      ticket: ticketKeyOf(Number(number)),
      spent: { cost: Number(cost), inputTokens: Number(input), outputTokens: Number(output) },
    })),
  ];
}

/** The rows of a table by their keys. Their sizes are looked at first, so that a few large ones are not read at once. */
async function* rowsOf(query: Query, namespace: number, table: Table): AsyncIterable<Row> {
  const { name, keys, bytes, columns } = table;
  const order = keys.map((key) => `t.${key}`).join(", ");
  const places = (from: number): string => keys.map((_, place) => `$${from + place}::bigint`).join(", ");
  const beyond = `FROM {s}.${name} t WHERE t.namespace = $1 AND (${order}) > (${places(2)})`;
  let last: readonly unknown[] = keys.map(() => -1);
  for (;;) {
    const sizes = await query(
      `SELECT ${order}, ${bytes} AS bytes ${beyond} ORDER BY ${order} LIMIT ${ahead}`,
      [namespace, ...last],
    );
    if (sizes.length === 0) return;
    for (const end of pageEnds(sizes)) {
      const until = keys.map((key) => end[key]);
      yield* await query(
        `SELECT ${columns} ${beyond} AND (${order}) <= (${places(2 + keys.length)}) ORDER BY ${order}`,
        [namespace, ...last, ...until],
      );
      last = until;
    }
  }
}

/** The last rows of pages that are no larger than {@link pageBytes}, or have one row. */
function pageEnds(sizes: readonly Row[]): readonly Row[] {
  const ends: Row[] = [];
  let held = 0;
  for (const [place, row] of sizes.entries()) {
    const next = Number(sizes[place + 1]?.bytes ?? Number.POSITIVE_INFINITY);
    held += Number(row.bytes);
    if (held + next <= pageBytes) continue;
    ends.push(row);
    held = 0;
  }
  return ends;
}

function parse(text: unknown): ReturnType<typeof JSON.parse> {
  return JSON.parse(String(text));
}
