import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { AgentwerkEvent, EventDraft } from "../../event/event.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { asksForOpenOnly } from "../rules/match-filter.ts";
import { toTicket } from "../rules/ticket-state.ts";
import type { EventQuery, TicketFilter } from "../ticket-store.ts";
import { queryCondition, queryOrder } from "./query-condition.ts";
import { TicketRows, ticketFields } from "./statements.ts";
import { idOfKey, namespaceSpan, numberIn, readColumns, textIn, toTicketState } from "./ticket-row.ts";

/** A condition over the table `tickets t`, with its values in order. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** A ticket that is not final stands in the queue or has a lease. */
const openTickets = `t.id IN (SELECT ticket FROM queue WHERE namespace = ?
  UNION SELECT id FROM tickets WHERE namespace = ? AND lease_until IS NOT NULL)`;

export function filterCondition(namespace: number, filter: TicketFilter): Condition {
  const parts: Condition[] = [];
  const add = (sql: string, ...values: SQLInputValue[]): void => void parts.push({ sql, values });
  const { keys, status, labels, parent, agent, after, finishedBefore } = filter;
  const first = after === undefined ? namespace * namespaceSpan : idOfKey(namespace, after);
  add("t.id > ? AND t.id < ?", first, (namespace + 1) * namespaceSpan);
  if (keys !== undefined) {
    const ids = keys.map((key) => idOfKey(namespace, key));
    add("t.id IN (SELECT value FROM json_each(?))", JSON.stringify(ids));
  }
  if (asksForOpenOnly(filter)) add(openTickets, namespace, namespace);
  if (status !== undefined) add("t.status IN (SELECT value FROM json_each(?))", JSON.stringify(status));
  if (labels !== undefined) {
    add(
      "EXISTS (SELECT 1 FROM json_each(t.labels) l WHERE l.value IN (SELECT value FROM json_each(?)))",
      JSON.stringify(labels),
    );
  }
  if (parent !== undefined) add("t.parent = ?", idOfKey(namespace, parent));
  if (agent !== undefined) add("t.agent = ?", agent);
  if (finishedBefore !== undefined) add("t.finished_at < ?", finishedBefore);
  if (filter.where !== undefined) parts.push(queryCondition(namespace, filter.where));
  return {
    sql: parts.map((part) => part.sql).join(" AND "),
    values: parts.flatMap((part) => part.values),
  };
}

export function findTickets(database: DatabaseSync, namespace: number, filter: TicketFilter): Ticket[] {
  const { sql, values } = filterCondition(namespace, filter);
  const statement = database.prepare(
    `SELECT ${ticketFields}, b.body AS body_text, e.body AS end_text FROM tickets t
     JOIN bodies b ON b.id = t.id LEFT JOIN ends e ON e.id = t.id
     WHERE ${sql} ORDER BY ${queryOrder(filter.orderBy ?? [])} LIMIT ? + 0`,
  );
  return new TicketRows(statement).all(...values, filter.limit ?? -1).map((row) => {
    const [body, end] = row.slice(readColumns.length);
    return toTicket(toTicketState(row), parseText(body), end === null ? undefined : parseText(end));
  });
}

function parseText(text: unknown): ReturnType<typeof JSON.parse> {
  return JSON.parse(String(text));
}

/** Batches are read in pages until enough events pass the query. */
export function findEvents(database: DatabaseSync, namespace: number, query: EventQuery): AgentwerkEvent[] {
  const { after = 0, ticket, limit = 1_000 } = query;
  const base = namespace * namespaceSpan;
  const statement = database.prepare(
    `SELECT id, count, at, body FROM events WHERE id > ? AND id < ? ${ticket === undefined ? "" : "AND ticket = ?"}
     ORDER BY id LIMIT ? + 0`,
  );
  const ofTicket = ticket === undefined ? [] : [idOfKey(namespace, ticket)];
  const found: AgentwerkEvent[] = [];
  let last = base + Math.max(0, after);
  while (found.length < limit) {
    const rows = statement.all(last, base + namespaceSpan, ...ofTicket, limit);
    for (const row of rows) {
      last = numberIn(row, "id");
      for (const event of eventsIn(
        last - base,
        numberIn(row, "count"),
        numberIn(row, "at"),
        textIn(row, "body"),
      )) {
        const isWanted = event.id > after && (query.types === undefined || query.types.includes(event.type));
        if (isWanted && found.length < limit) found.push(event);
      }
    }
    if (rows.length < limit) break;
  }
  return found;
}

/** The events of a row, whose id is that of the last of them. */
export function eventsIn(lastId: number, count: number, at: number, body: string): AgentwerkEvent[] {
  const drafts: readonly EventDraft[] = JSON.parse(body);
  return drafts.map((draft, place) => ({ id: lastId - count + 1 + place, at, ...draft }));
}
