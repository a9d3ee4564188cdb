import type { DatabaseSync } from "node:sqlite";
import { isBusy } from "./sqlite-errors.ts";
import { numberIn } from "./ticket-row.ts";

/** Pages that one transaction gives back: some milliseconds of work, so that others get their turn. */
const reclaimStep = 250;

/** Pages in the file that hold nothing. 0 also for a file that was made before it could shrink: there they are used again. */
export function reclaimablePages(database: DatabaseSync): number {
  const mode = numberIn(database.prepare("PRAGMA auto_vacuum").get() ?? {}, "auto_vacuum");
  if (mode === 0) return 0;
  return numberIn(database.prepare("PRAGMA freelist_count").get() ?? {}, "freelist_count");
}

/** Gives some pages back, within the open transaction. */
export function reclaimPages(database: DatabaseSync): void {
  database.exec(`PRAGMA incremental_vacuum(${reclaimStep})`);
}

/** Brings what was written to the file and cuts that and the log short. While others read or write they go first: theirs does it. */
export function truncateFiles(database: DatabaseSync): void {
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}
