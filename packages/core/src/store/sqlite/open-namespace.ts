import type { DatabaseSync } from "node:sqlite";
import { tallyFields } from "../rules/tally-book.ts";
import { openTimeoutMs } from "./open-database.ts";
import { rollBack } from "./roll-back.ts";
import { toStoreError } from "./sqlite-errors.ts";
import { numberIn } from "./ticket-row.ts";

/** The number of a namespace, which is registered with its counters at first use. Closes the database when that fails. */
export function openNamespace(
  database: DatabaseSync,
  { name, path }: { readonly name: string; readonly path: string },
): number {
  try {
    return findNamespace(database, name) ?? addNamespace(database, name);
  } catch (error) {
    database.close();
    throw toStoreError(error, path);
  }
}

/** Undefined for one that is not registered. */
export function findNamespace(database: DatabaseSync, name: string): number | undefined {
  const row = database.prepare("SELECT id FROM namespaces WHERE name = ?").get(name);
  return row === undefined ? undefined : numberIn(row, "id");
}

function addNamespace(database: DatabaseSync, name: string): number {
  database.exec(`PRAGMA busy_timeout = ${openTimeoutMs}; BEGIN IMMEDIATE`);
  try {
    const id = findNamespace(database, name) ?? insertNamespace(database, name);
    database.exec("COMMIT; PRAGMA busy_timeout = 0");
    return id;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function insertNamespace(database: DatabaseSync, name: string): number {
  const row = database
    .prepare(
      "INSERT INTO namespaces (id, name) SELECT coalesce(max(id) + 1, 0), ? FROM namespaces RETURNING id",
    )
    .get(name);
  const id = numberIn(row ?? {}, "id");
  const zeros = tallyFields.map(() => 0).join(", ");
  database.exec(
    `INSERT INTO tallies (namespace, label, ${tallyFields.join(", ")}) VALUES (${id}, '', ${zeros})`,
  );
  return id;
}
