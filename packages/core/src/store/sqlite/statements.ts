import type { DatabaseSync, StatementSync } from "node:sqlite";
import { tallyFields } from "../rules/tally-book.ts";
import { ticketColumns } from "./ticket-row.ts";

export const ticketFields: string = ticketColumns.map((column) => `t.${column}`).join(", ");

/** Set by every write of a ticket; the others stand in an index, and are set only when they change. */
const plainColumns = ticketColumns.slice(2, -2);

/** The statements of the transactions, prepared once. */
export interface Statements {
  readonly begin: StatementSync;
  readonly commit: StatementSync;
  readonly rollback: StatementSync;
  readonly readCounters: StatementSync;
  readonly writeCounters: StatementSync;
  readonly addToTally: StatementSync;
  readonly insertEvents: StatementSync;
  readonly readTicket: StatementSync;
  readonly insertTicket: StatementSync;
  readonly updatePlain: StatementSync;
  readonly updateLease: StatementSync;
  readonly updateAll: StatementSync;
  readonly insertQueued: StatementSync;
  readonly deleteQueued: StatementSync;
  readonly readReady: StatementSync;
  readonly readReadyIds: StatementSync;
  readonly readDue: StatementSync;
  readonly readExpired: StatementSync;
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

export function prepareStatements(database: DatabaseSync): Statements {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  const places = (count: number): string => Array.from({ length: count }, () => "?").join(", ");
  const update = (columns: readonly string[]): StatementSync =>
    prepare(`UPDATE tickets SET ${columns.map((column) => `${column} = ?`).join(", ")} WHERE id = ?`);
  return {
    begin: prepare("BEGIN IMMEDIATE"),
    commit: prepare("COMMIT"),
    rollback: prepare("ROLLBACK"),
    readCounters: prepare("SELECT last_ticket, last_event FROM namespaces WHERE id = ?"),
    writeCounters: prepare(
      `UPDATE namespaces SET last_ticket = ?, last_event = ?, todo = todo + ?, in_progress = in_progress + ?,
       waiting = waiting + ? WHERE id = ?`,
    ),
    addToTally: prepare(
      `INSERT INTO tallies (namespace, label, ${tallyFields.join(", ")}) VALUES (${places(tallyFields.length + 2)})
       ON CONFLICT DO UPDATE SET ${tallyFields.map((field) => `${field} = ${field} + excluded.${field}`).join(", ")}`,
    ),
    insertEvents: prepare("INSERT INTO events (id, ticket, count, at, body) VALUES (?, ?, ?, ?, ?)"),
    readTicket: prepare(`SELECT ${ticketFields} FROM tickets t WHERE t.id = ?`),
    insertTicket: prepare(
      `INSERT INTO tickets (${ticketColumns.join(", ")}) VALUES (${places(ticketColumns.length)})`,
    ),
    updatePlain: update(plainColumns),
    updateLease: update([...plainColumns, "lease_until"]),
    updateAll: update([...plainColumns, "lease_until", "is_open"]),
    insertQueued: prepare("INSERT INTO queue (namespace, label, at, rank, ticket) VALUES (?, ?, ?, ?, ?)"),
    deleteQueued: prepare(
      "DELETE FROM queue WHERE namespace = ? AND label = ? AND at = ? AND rank = ? AND ticket = ?",
    ),
    readReady: prepare(
      `SELECT ${ticketFields} FROM queue q CROSS JOIN tickets t ON t.id = q.ticket
       WHERE q.namespace = ? AND q.label = ? AND q.at = 0 ORDER BY q.rank, q.ticket LIMIT ?`,
    ),
    readReadyIds: prepare(
      `SELECT rank, ticket FROM queue WHERE namespace = ? AND label = ? AND at = 0
       ORDER BY rank, ticket LIMIT ?`,
    ),
    readDue: prepare(
      `SELECT ${ticketFields} FROM queue q CROSS JOIN tickets t ON t.id = q.ticket
       WHERE q.namespace = ? AND q.label = ? AND q.at > 0 AND q.at <= ?`,
    ),
    readExpired: prepare(
      `SELECT ${ticketFields} FROM tickets t WHERE t.namespace = ? AND t.lease_until <= ?`,
    ),
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
    readReplies: prepare(
      `SELECT first, at, body FROM replies
       WHERE ticket = ?1 AND first >= coalesce((SELECT max(first) FROM replies WHERE ticket = ?1 AND first <= ?2), 0)
       ORDER BY first`,
    ),
  };
}
