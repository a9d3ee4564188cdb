import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import { openToRead } from "./open-database.ts";
import { isUnwritable } from "./sqlite-errors.ts";

export interface ReadOnlyDatabase {
  readonly database: DatabaseSync;
  /** @throws AgentwerkError `store_busy` when what was read may be part old, part new. */
  readonly checkUnchanged: () => void;
}

/**
 * Opens a file that is only looked at. To read beside writers, SQLite keeps two files beside it, and makes them when they
 * are missing; where it may not, the file alone is read, without locks, as long as it is whole and nobody writes to it.
 * @throws AgentwerkError as `openToRead`; `store_unavailable` where the newest writes stand in a log that cannot be read.
 */
export function openUnlocked(path: string): ReadOnlyDatabase {
  try {
    return { database: openToRead(path), checkUnchanged: () => undefined };
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    if (hasLog(path)) throw unreadableLog(path, error);
  }
  if (!takesUrls()) throw oldNode(path);
  const before = stateOf(path);
  const url = pathToFileURL(path);
  // https://www.sqlite.org/uri.html#uriimmutable
  url.searchParams.set("immutable", "1");
  return {
    database: openToRead(path, url),
    checkUnchanged() {
      if (stateOf(path) === before && !hasLog(path)) return;
      throw new AgentwerkError({
        code: "store_busy",
        message: `${path} was written to while it was read without locks, because its folder may not be written. Open it again, or copy it.`,
      });
    },
  };
}

function logOf(path: string): string {
  return `${path}-wal`;
}

/** Readers leave an empty one behind where they may write. */
function hasLog(path: string): boolean {
  return (statSync(logOf(path), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "gone" : [stats.size, stats.mtimeMs, stats.ino].join(" ");
}

/** As `DatabaseSync` does from Node 22.15 on. */
function takesUrls(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 23 || (major === 23 && minor >= 10) || (major === 22 && minor >= 15);
}

function oldNode(path: string): AgentwerkError {
  return new AgentwerkError({
    code: "unsupported",
    message: `Node ${process.versions.node} cannot read ${path} where nothing may be written. Use Node 22.15 or later, or copy the file to a folder that you can write to.`,
  });
}

function unreadableLog(path: string, cause: unknown): AgentwerkError {
  return new AgentwerkError({
    code: "store_unavailable",
    message: `${path} cannot be read where nothing may be written: its newest writes are in ${logOf(path)}. Copy both files to a folder that you can write to, and open the copy.`,
    cause,
  });
}
