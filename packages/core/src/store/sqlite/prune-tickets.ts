import type { DatabaseSync } from "node:sqlite";
import { finalStatuses } from "../../ticket/ticket.ts";
import type { TicketFilter } from "../ticket-store.ts";
import { filterCondition } from "./read-tickets.ts";

/** Removes up to `limit` final tickets that match and that no open ticket waits for, within the open transaction. */
export function pruneTickets(
  database: DatabaseSync,
  namespace: number,
  filter: TicketFilter,
  limit: number,
): number {
  const { sql, values } = filterCondition(namespace, filter);
  const final = finalStatuses.map((status) => `'${status}'`).join(", ");
  const rows = database
    .prepare(
      `SELECT t.id FROM tickets t WHERE ${sql} AND t.status IN (${final}) AND NOT EXISTS (
         SELECT 1 FROM blockers b JOIN tickets d ON d.id = b.blocked WHERE b.blocker = t.id AND d.status NOT IN (${final}))
       ORDER BY t.id LIMIT ? + 0`,
    )
    .all(...values, limit);
  const ids = JSON.stringify(rows.map((row) => row.id));
  const among = "IN (SELECT value FROM json_each(?))";
  database
    .prepare(
      `DELETE FROM idempotency_keys WHERE (namespace, idempotency_key) IN (
         SELECT ${namespace}, b.body ->> '$.idempotencyKey' FROM bodies b
         WHERE b.id ${among} AND b.body ->> '$.idempotencyKey' IS NOT NULL)`,
    )
    .run(ids);
  for (const [table, column] of [
    ["tickets", "id"],
    ["bodies", "id"],
    ["ends", "id"],
    ["replies", "ticket"],
    ["blockers", "blocker"],
  ] as const) {
    database.prepare(`DELETE FROM ${table} WHERE ${column} ${among}`).run(ids);
  }
  return rows.length;
}
