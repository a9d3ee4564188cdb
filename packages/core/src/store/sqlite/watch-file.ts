import { type FSWatcher, utimesSync, watch } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { numberIn } from "./ticket-row.ts";

/** Own writes touch the file too; looking more often than this would cost more than it tells. */
const shortestGapMs = 2;
/** Where the system cannot watch files, and while the file is locked for a moment. */
const slowCheckMs = 1_000;

/**
 * Tells the watchers in other processes that a transaction is visible now.
 * The writes to the log themselves would come too early: SQLite publishes a commit after them, without a trace in the
 * file system. By path, not by descriptor: closing one of the database file would drop SQLite's locks.
 */
export function touchFile(path: string): void {
  const now = Date.now() / 1_000;
  try {
    utimesSync(path, now, now);
  } catch {
    // The transaction is stored; that nobody hears of it is no reason to call it failed.
  }
}

/**
 * Calls `onRemote` when another connection wrote to the file. The system tells that the file was touched, SQLite's
 * `data_version` whether by somebody else. Costs nothing while nobody writes, and does not keep the process alive.
 */
export function watchFile(options: {
  readonly database: DatabaseSync;
  readonly path: string;
  readonly onRemote: () => void;
}): () => void {
  const { database, path, onRemote } = options;
  const statement = database.prepare("PRAGMA data_version");
  const readVersion = (): number | undefined => {
    try {
      return numberIn(statement.get() ?? {}, "data_version");
    } catch {
      return undefined;
    }
  };
  let known = readVersion();
  let lastLook = 0;
  let timer: NodeJS.Timeout | undefined;

  const look = (): void => {
    timer = undefined;
    lastLook = performance.now();
    const version = readVersion();
    if (version === undefined) {
      timer = setTimeout(look, slowCheckMs).unref();
    } else if (version !== known) {
      known = version;
      onRemote();
    }
  };
  const lookSoon = (): void => {
    if (timer !== undefined) return;
    const sinceLast = performance.now() - lastLook;
    if (sinceLast >= shortestGapMs) look();
    else timer = setTimeout(look, shortestGapMs - sinceLast).unref();
  };

  const stop = startWatcher(path, lookSoon);
  return () => {
    stop();
    clearTimeout(timer);
  };
}

function startWatcher(file: string, onChange: () => void): () => void {
  let interval: NodeJS.Timeout | undefined;
  const fallBack = (): void => {
    interval ??= setInterval(onChange, slowCheckMs).unref();
  };
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(file, { persistent: false }, onChange);
    watcher.on("error", fallBack);
  } catch {
    fallBack();
  }
  return () => {
    watcher?.close();
    clearInterval(interval);
  };
}
