import type { DatabaseSync } from "node:sqlite";
import type { ReplyDraft } from "../../ticket/reply.ts";
import { ticketKeyOf } from "../../ticket/ticket-key.ts";
import { orderedState, recordVersion, type StoreRecord } from "../archive/store-record.ts";
import { allLabels, tallyFields } from "../rules/tally-book.ts";
import { eventsIn } from "./read-tickets.ts";
import { type Statements, TicketRows, ticketFields } from "./statements.ts";
import {
  keyOfId,
  namespaceSpan,
  numberIn,
  readColumns,
  type TicketRow,
  textIn,
  toTicketState,
} from "./ticket-row.ts";

/** All records of a namespace, a row at a time, within the read transaction that is open. */
export function* readRecords(
  database: DatabaseSync,
  sql: Statements,
  namespace: number,
): Iterable<StoreRecord> {
  const counts = { tickets: 0, replies: 0, events: 0 };
  const range = [namespace * namespaceSpan, (namespace + 1) * namespaceSpan] as const;
  const counters = sql.readCounters.get(namespace) ?? {};
  const budgetWindow = textIn(sql.readWindow.get(namespace) ?? {}, "budget_window");
  yield {
    kind: "namespace",
    version: recordVersion,
    lastTicket: numberIn(counters, "last_ticket"),
    lastEvent: numberIn(counters, "last_event"),
    ...(budgetWindow !== "" && { budgetWindow: JSON.parse(budgetWindow) }),
  };
  const tickets = database.prepare(
    `SELECT ${ticketFields}, b.body AS body_text, e.body AS end_text FROM tickets t
     JOIN bodies b ON b.id = t.id LEFT JOIN ends e ON e.id = t.id WHERE t.id > ? AND t.id < ? ORDER BY t.id`,
  );
  for (const row of new TicketRows(tickets).iterate(...range)) {
    counts.tickets += 1;
    yield ticketRecord(row);
  }
  const replies = database.prepare(
    "SELECT ticket, first, at, body FROM replies WHERE ticket > ? AND ticket < ? ORDER BY ticket, first",
  );
  for (const row of replies.iterate(...range)) {
    const drafts: readonly ReplyDraft[] = JSON.parse(textIn(row, "body"));
    for (const [place, draft] of drafts.entries()) {
      counts.replies += 1;
      const reply = { ...draft, index: numberIn(row, "first") + place, at: numberIn(row, "at") };
      yield { kind: "reply", ticket: keyOfId(numberIn(row, "ticket")), reply };
    }
  }
  const blockers = database.prepare(
    "SELECT blocker, blocked FROM blockers WHERE blocker > ? AND blocker < ? ORDER BY blocker, blocked",
  );
  for (const row of blockers.iterate(...range)) {
    const [blocker, blocked] = [numberIn(row, "blocker"), numberIn(row, "blocked")];
    yield { kind: "blocker", blocker: keyOfId(blocker), blocked: keyOfId(blocked) };
  }
  const events = database.prepare(
    "SELECT id, count, at, body FROM events WHERE id > ? AND id < ? ORDER BY id",
  );
  for (const row of events.iterate(...range)) {
    const [id, count, at] = [numberIn(row, "id") - range[0], numberIn(row, "count"), numberIn(row, "at")];
    for (const event of eventsIn(id, count, at, textIn(row, "body"))) {
      counts.events += 1;
      yield { kind: "event", event };
    }
  }
  const tallies = database.prepare("SELECT * FROM tallies WHERE namespace = ? ORDER BY label");
  for (const row of tallies.iterate(namespace)) {
    const sums = tallyFields.map((field) => numberIn(row, field));
    const label = textIn(row, "label");
    if (label === allLabels || sums.some((sum) => sum !== 0)) yield { kind: "tally", label, sums };
  }
  const envelopes = database.prepare("SELECT * FROM envelopes WHERE id > ? AND id < ? ORDER BY id");
  for (const row of envelopes.iterate(...range)) {
    const spent = {
      cost: numberIn(row, "cost"),
      inputTokens: numberIn(row, "input_tokens"),
      outputTokens: numberIn(row, "output_tokens"),
    };
    yield { kind: "envelope", ticket: ticketKeyOf(numberIn(row, "id") - range[0]), spent };
  }
  yield { kind: "end", ...counts };
}

function ticketRecord(row: TicketRow): StoreRecord {
  const [body, end] = row.slice(readColumns.length);
  return {
    kind: "ticket",
    state: orderedState(toTicketState(row)),
    body: JSON.parse(String(body)),
    ...(end !== null && { end: JSON.parse(String(end)) }),
  };
}
