import type { DatabaseSync } from "node:sqlite";
import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import type { Clock } from "../../util/clock.ts";
import { Listeners } from "../engine/listeners.ts";
import type { Encode } from "../engine/tables.ts";
import { writeOperations } from "../engine/write-operations.ts";
import { storeClosed } from "../rules/store-errors.ts";
import type { TicketStore } from "../ticket-store.ts";
import { findNamespace } from "./open-namespace.ts";
import { openUnlocked } from "./open-unlocked.ts";
import { readOperations, retryWhileBusy } from "./read-operations.ts";
import { toStoreError } from "./sqlite-errors.ts";
import { SqliteTables } from "./sqlite-tables.ts";
import { prepareStatements } from "./statements.ts";
import { watchFile } from "./watch-file.ts";

export interface ReadOnlyOptions {
  readonly path: string;
  readonly namespace: string;
  readonly clock: Clock;
  readonly busyTimeoutMs: number;
  readonly encode: Encode;
}

/**
 * A store that looks and writes nothing, neither tickets nor a schema; others may work on the file meanwhile.
 * @throws AgentwerkError `not_found` where there is no file or no such namespace, `unsupported` for a schema of another version.
 */
export function readOnlyStore({
  path,
  namespace,
  clock,
  busyTimeoutMs,
  encode,
}: ReadOnlyOptions): TicketStore {
  const { database, checkUnchanged } = openUnlocked(path);
  const namespaceId = namespaceIn(database, { name: namespace, path });
  database.exec("PRAGMA busy_timeout = 0");
  const sql = prepareStatements(database);
  let isClosed = false;
  const checkOpen = (): void => {
    if (isClosed) throw storeClosed();
  };
  const read = async <Found>(work: () => Found): Promise<Found> => {
    try {
      return await retryWhileBusy(work, { path, busyTimeoutMs, check: checkOpen });
    } finally {
      // Also after an error: what is part old, part new looks damaged.
      if (!isClosed) checkUnchanged();
    }
  };
  const refuse = async (): Promise<never> => {
    checkOpen();
    throw new AgentwerkError({
      code: "unsupported",
      message: `${path} is open to read only, and nothing was written. Open it without readOnly to change it.`,
    });
  };
  let stopWatching = (): void => undefined;
  const listeners: Listeners = new Listeners({
    onFirst: () => {
      stopWatching = watchFile({ database, path, onRemote: () => listeners.tell({ origin: "remote" }) });
    },
    onLast: () => stopWatching(),
  });
  const tables = new SqliteTables(sql, namespaceId);
  return {
    namespace,
    ...writeOperations(refuse, encode),
    ...readOperations({ database, sql, tables, namespaceId, clock, read }),
    prune: refuse,
    watch(listener, { signal } = {}) {
      checkOpen();
      listeners.add(listener, signal);
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      listeners.clear();
      database.close();
    },
  };
}

function namespaceIn(
  database: DatabaseSync,
  { name, path }: { readonly name: string; readonly path: string },
): number {
  try {
    const id = findNamespace(database, name);
    if (id !== undefined) return id;
  } catch (error) {
    database.close();
    throw toStoreError(error, path);
  }
  database.close();
  throw new AgentwerkError({
    code: "not_found",
    field: "namespace",
    message: `${path} has no namespace ${name}, and is open to read only. Name one that it has.`,
  });
}
