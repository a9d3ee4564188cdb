import { closeSync, existsSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import { makeFolderSync } from "../../util/make-folder.ts";
import { migrations } from "./migrations.ts";
import { rollBack } from "./roll-back.ts";
import { isBusy, toStoreError } from "./sqlite-errors.ts";

/** Marks our files, as `PRAGMA application_id`: "agwk". */
const applicationId = 0x61_67_77_6b;

/** How long opening waits for other processes that open the same file. */
export const openTimeoutMs = 10_000;

/**
 * `full`: a commit is on the disk when its promise resolves. `process`: it survives the death of the process, and the
 * last moments before a power failure may be lost.
 */
export type Durability = "full" | "process";

export interface OpenOptions {
  readonly path: string;
  readonly durability: Durability;
  readonly maxBytes: number | undefined;
}

/**
 * Opens the file, makes it when there is none, and brings its schema up to date. Only its owner can read it.
 * @throws AgentwerkError `store_unavailable`, `store_corrupt`, `store_busy`, or `unsupported` for a file of a later version; the file is then as it was.
 */
export function openDatabase({ path, durability, maxBytes }: OpenOptions): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  let database: DatabaseSync | undefined;
  try {
    createPrivately(path);
    const opened = new DatabaseSync(path);
    database = opened;
    opened.exec(`PRAGMA busy_timeout = ${openTimeoutMs}`);
    checkOwnership(opened, path);
    // So that the file can shrink again. Only an empty one takes it; in another it would be a needless write.
    if (readPragma(opened, "page_count") === 0) opened.exec("PRAGMA auto_vacuum = INCREMENTAL");
    whenNotBusy(() => opened.exec("PRAGMA journal_mode = WAL"));
    opened.exec(`PRAGMA synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`);
    whenNotBusy(() => migrate(opened, path));
    tune(opened);
    if (maxBytes !== undefined) limitSize(opened, maxBytes);
    return opened;
  } catch (error) {
    database?.close();
    throw toStoreError(error, path);
  }
}

/**
 * Opens the file to read it, without a change to it: neither is it made nor brought up to date. `location` is the file with
 * options of SQLite.
 * @throws AgentwerkError `not_found`, `unsupported` for a file of another version, `store_unavailable`, `store_corrupt`.
 */
export function openToRead(path: string, location: string | URL = path): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  if (!existsSync(path))
    throw new AgentwerkError({ code: "not_found", message: `There is no store at ${path} yet.` });
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(location, { readOnly: true });
    database.exec(`PRAGMA busy_timeout = ${openTimeoutMs}`);
    checkOwnership(database, path);
    const version = readPragma(database, "user_version");
    if (version === migrations.length) return database;
    throw new AgentwerkError({
      code: "unsupported",
      message: `${path} was written by an earlier version of agentwerk (schema ${version}, this one has ${migrations.length}). Let agentwerk store status open it once where it can be written, which brings it up to date.`,
    });
  } catch (error) {
    database?.close();
    throw toStoreError(error, path);
  }
}

function loadSqlite(): typeof import("node:sqlite") {
  const sqlite = process.getBuiltinModule("node:sqlite");
  if (sqlite !== undefined) return sqlite;
  throw new AgentwerkError({
    code: "unsupported",
    message: `Node ${process.versions.node} has no node:sqlite. Use Node 22.13 or later, or another store.`,
  });
}

function createPrivately(path: string): void {
  makeFolderSync(dirname(path), { mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
}

/** Refuses files of other programs and of later versions, before anything is changed. */
function checkOwnership(database: DatabaseSync, path: string): void {
  const id = readPragma(database, "application_id");
  const isEmpty = readPragma(database, "schema_version") === 0;
  if (id !== applicationId && !(id === 0 && isEmpty)) {
    throw new AgentwerkError({
      code: "store_unavailable",
      message: `${path} is a SQLite database of another program. Choose another path for the store.`,
    });
  }
  const version = readPragma(database, "user_version");
  if (version > migrations.length) {
    throw new AgentwerkError({
      code: "unsupported",
      message: `${path} was written by a later version of agentwerk (schema ${version}, this one knows ${migrations.length}). Update agentwerk to open it.`,
    });
  }
}

function migrate(database: DatabaseSync, path: string): void {
  if (readPragma(database, "user_version") === migrations.length) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    checkOwnership(database, path);
    for (const step of migrations.slice(readPragma(database, "user_version"))) database.exec(step);
    database.exec(
      `PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`,
    );
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** Waiting for locks is ours from here on: see write-queue.ts. */
function tune(database: DatabaseSync): void {
  database.exec(`
    PRAGMA busy_timeout = 0;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -16000;
    PRAGMA temp_store = MEMORY;
  `);
}

function limitSize(database: DatabaseSync, maxBytes: number): void {
  const pages = Math.max(1, Math.floor(maxBytes / readPragma(database, "page_size")));
  database.exec(`PRAGMA max_page_count = ${pages}`);
}

/** SQLite gives up at once where waiting could deadlock, such as in a change of the journal mode. */
function whenNotBusy(action: () => void): void {
  const deadline = performance.now() + openTimeoutMs;
  for (;;) {
    try {
      action();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function readPragma(database: DatabaseSync, name: string): number {
  const value = database.prepare(`PRAGMA ${name}`).get()?.[name];
  return typeof value === "number" ? value : 0;
}
