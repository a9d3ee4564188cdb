import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { tallyFields } from "../rules/tally-book.ts";
import { readColumns, type TicketRow, ticketColumns } from "./ticket-row.ts";

export const ticketFields: string = readColumns.map((column) => `t.${column}`).join(", ");

/** Set by every write of a ticket; `lease_until` stands in an index, and is set only when it changes. */
const plainColumns = ticketColumns.slice(2, -1);

/**
 * Reads whole rows of `tickets` as arrays of values, three times as fast as objects with a name for each.
 * Node before 22.16 has only the objects; their values come in the same order.
 */
export class TicketRows {
  readonly #statement: StatementSync;

  constructor(statement: StatementSync) {
    this.#statement = statement;
    if (typeof statement.setReturnArrays === "function") statement.setReturnArrays(true);
  }

  get(...values: SQLInputValue[]): TicketRow | undefined {
    const row: object | undefined = this.#statement.get(...values);
    return row === undefined ? undefined : valuesOf(row);
  }

  all(...values: SQLInputValue[]): readonly TicketRow[] {
    const rows: readonly object[] = this.#statement.all(...values);
    return rows.map(valuesOf);
  }

  *iterate(...values: SQLInputValue[]): Iterable<TicketRow> {
    const rows: Iterable<object> = this.#statement.iterate(...values);
    for (const row of rows) yield valuesOf(row);
  }
}

function valuesOf(row: object): TicketRow {
  return Array.isArray(row) ? row : Object.values(row);
}

/** The statements of the transactions, prepared once. */
export interface Statements {
  readonly begin: StatementSync;
  readonly commit: StatementSync;
  readonly readCounters: StatementSync;
  readonly addToNamespace: StatementSync;
  readonly addToTally: StatementSync;
  readonly insertEvents: StatementSync;
  readonly readTicket: TicketRows;
  readonly insertTicket: StatementSync;
  readonly updatePlain: StatementSync;
  readonly updateLease: StatementSync;
  readonly updateExtras: StatementSync;
  readonly readReserved: TicketRows;
  readonly readSpent: StatementSync;
  readonly readEnvelope: StatementSync;
  readonly addToEnvelope: StatementSync;
  readonly readWindow: StatementSync;
  readonly updateWindow: StatementSync;
  readonly insertQueued: StatementSync;
  readonly deleteQueued: StatementSync;
  readonly readReady: TicketRows;
  readonly readReadyIds: StatementSync;
  readonly readDue: TicketRows;
  readonly readExpired: TicketRows;
  readonly insertBody: StatementSync;
  readonly updateBody: StatementSync;
  readonly readBody: StatementSync;
  readonly insertEnd: StatementSync;
  readonly readEnd: StatementSync;
  readonly deleteEnd: StatementSync;
  readonly insertIdempotencyKey: StatementSync;
  readonly readIdempotencyKey: StatementSync;
  readonly insertBlocker: StatementSync;
  readonly readDependents: StatementSync;
  readonly deleteDependents: StatementSync;
  readonly insertReplies: StatementSync;
  readonly readReplies: StatementSync;
}

/** `LIMIT ? + 0`: a bare `LIMIT ?` is planned anew for each other limit, which costs more than the query. */
export function prepareStatements(database: DatabaseSync): Statements {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  const rows = (sql: string): TicketRows => new TicketRows(database.prepare(sql));
  const places = (count: number): string => Array.from({ length: count }, () => "?").join(", ");
  const update = (columns: readonly string[]): StatementSync =>
    prepare(`UPDATE tickets SET ${columns.map((column) => `${column} = ?`).join(", ")} WHERE id = ?`);
  return {
    begin: prepare("BEGIN IMMEDIATE"),
    commit: prepare("COMMIT"),
    readCounters: prepare("SELECT last_ticket, last_event FROM tallies WHERE namespace = ? AND label = ''"),
    addToNamespace: prepare(
      `UPDATE tallies SET last_ticket = ?, last_event = ?, todo = todo + ?, in_progress = in_progress + ?,
       waiting = waiting + ?, ${tallyFields.map((field) => `${field} = ${field} + ?`).join(", ")}
       WHERE namespace = ? AND label = ''`,
    ),
    addToTally: prepare(
      `INSERT INTO tallies (namespace, label, ${tallyFields.join(", ")}) VALUES (${places(tallyFields.length + 2)})
       ON CONFLICT DO UPDATE SET ${tallyFields.map((field) => `${field} = ${field} + excluded.${field}`).join(", ")}`,
    ),
    insertEvents: prepare("INSERT INTO events (id, ticket, count, at, body) VALUES (?, ?, ?, ?, ?)"),
    readTicket: rows(`SELECT ${ticketFields} FROM tickets t WHERE t.id = ?`),
    insertTicket: prepare(
      `INSERT INTO tickets (${ticketColumns.join(", ")}) VALUES (${places(ticketColumns.length)})`,
    ),
    updatePlain: update(plainColumns),
    updateLease: update([...plainColumns, "lease_until"]),
    updateExtras: update(["reserved", "extras"]),
    readReserved: rows(
      `SELECT ${ticketFields} FROM tickets t WHERE t.namespace = ? AND t.reserved IS NOT NULL`,
    ),
    readSpent: prepare(
      "SELECT cost, input_tokens, output_tokens FROM tallies WHERE namespace = ? AND label = ''",
    ),
    readEnvelope: prepare("SELECT cost, input_tokens, output_tokens FROM envelopes WHERE id = ?"),
    addToEnvelope: prepare(
      `INSERT INTO envelopes (id, cost, input_tokens, output_tokens) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET cost = cost + excluded.cost, input_tokens = input_tokens + excluded.input_tokens,
         output_tokens = output_tokens + excluded.output_tokens`,
    ),
    readWindow: prepare("SELECT budget_window FROM namespaces WHERE id = ?"),
    updateWindow: prepare("UPDATE namespaces SET budget_window = ? WHERE id = ?"),
    insertQueued: prepare("INSERT INTO queue (namespace, label, at, rank, ticket) VALUES (?, ?, ?, ?, ?)"),
    deleteQueued: prepare(
      "DELETE FROM queue WHERE namespace = ? AND label = ? AND at = ? AND rank = ? AND ticket = ?",
    ),
    readReady: rows(`SELECT ${ticketFields} FROM queue q CROSS JOIN tickets t ON t.id = q.ticket
       WHERE q.namespace = ? AND q.label = ? AND q.at = 0 ORDER BY q.rank, q.ticket LIMIT ? + 0`),
    readReadyIds: prepare(
      `SELECT rank, ticket FROM queue WHERE namespace = ? AND label = ? AND at = 0
       ORDER BY rank, ticket LIMIT ? + 0`,
    ),
    readDue: rows(`SELECT ${ticketFields} FROM queue q CROSS JOIN tickets t ON t.id = q.ticket
       WHERE q.namespace = ? AND q.label = ? AND q.at > 0 AND q.at <= ?`),
    readExpired: rows(`SELECT ${ticketFields} FROM tickets t WHERE t.namespace = ? AND t.lease_until <= ?`),
    insertBody: prepare("INSERT INTO bodies (id, body) VALUES (?, ?)"),
    updateBody: prepare("UPDATE bodies SET body = ? WHERE id = ?"),
    readBody: prepare("SELECT body FROM bodies WHERE id = ?"),
    insertEnd: prepare("INSERT INTO ends (id, body) VALUES (?, ?)"),
    readEnd: prepare("SELECT body FROM ends WHERE id = ?"),
    deleteEnd: prepare("DELETE FROM ends WHERE id = ?"),
    insertIdempotencyKey: prepare(
      "INSERT INTO idempotency_keys (namespace, idempotency_key, ticket) VALUES (?, ?, ?)",
    ),
    readIdempotencyKey: prepare(
      "SELECT ticket FROM idempotency_keys WHERE namespace = ? AND idempotency_key = ?",
    ),
    insertBlocker: prepare("INSERT INTO blockers (blocker, blocked) VALUES (?, ?)"),
    readDependents: prepare("SELECT blocked FROM blockers WHERE blocker = ?"),
    deleteDependents: prepare("DELETE FROM blockers WHERE blocker = ?"),
    insertReplies: prepare("INSERT INTO replies (ticket, first, at, body) VALUES (?, ?, ?, ?)"),
    // No numbered parameters: node:sqlite of Node 22.13 knows none.
    readReplies: prepare(
      `SELECT first, at, body FROM replies
       WHERE ticket = ? AND first >= coalesce((SELECT max(first) FROM replies WHERE ticket = ? AND first <= ?), 0)
       ORDER BY first`,
    ),
  };
}
