import { type FSWatcher, watch } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { numberIn } from "./ticket-row.ts";

/** Own writes touch the file too; looking more often than this would cost more than it tells. */
const shortestGapMs = 2;
/** Only where the system cannot watch files. */
const slowCheckMs = 1_000;

/**
 * Calls `onRemote` when another connection wrote to the file. The system tells that the write-ahead log changed,
 * SQLite's `data_version` whether it was somebody else. Costs nothing while nobody writes, and does not keep the process alive.
 */
export function watchFile(options: {
  readonly database: DatabaseSync;
  readonly path: string;
  readonly onRemote: () => void;
}): () => void {
  const { database, path, onRemote } = options;
  const statement = database.prepare("PRAGMA data_version");
  const readVersion = (): number => numberIn(statement.get() ?? {}, "data_version");
  let known = readVersion();
  let lastLook = 0;
  let timer: NodeJS.Timeout | undefined;

  const look = (): void => {
    timer = undefined;
    lastLook = performance.now();
    try {
      const version = readVersion();
      if (version === known) return;
      known = version;
    } catch {
      // Locked for a moment, by recovery for example: the next change brings us back here.
      timer ??= setTimeout(look, slowCheckMs).unref();
      return;
    }
    onRemote();
  };
  const lookSoon = (): void => {
    if (timer !== undefined) return;
    const sinceLast = performance.now() - lastLook;
    if (sinceLast >= shortestGapMs) look();
    else timer = setTimeout(look, shortestGapMs - sinceLast).unref();
  };

  const stop = startWatcher(`${path}-wal`, lookSoon);
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
