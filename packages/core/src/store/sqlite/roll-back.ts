import type { DatabaseSync } from "node:sqlite";

/**
 * Undoes what a transaction did, if one is open. Some errors end it by themselves, and `isTransaction`, which would tell,
 * came with Node 22.16 only.
 */
export function rollBack(database: DatabaseSync): void {
  try {
    database.exec("ROLLBACK");
  } catch (error) {
    if (error instanceof Error && error.message.includes("no transaction is active")) return;
    throw error;
  }
}
