import { sqliteArchive } from "@agentwerk/core/sqlite";
import { type CopyOptions, type CopyReport, copyArchive, type StoreArchive } from "@agentwerk/core/store-kit";
import { postgresArchive } from "./postgres-archive.ts";

/** A store by its place: a `postgres://` URL, or the path of a SQLite file. */
export interface StorePlace {
  readonly url: string;
  /** `default` unless given. */
  readonly namespace?: string | undefined;
  /** Of a PostgreSQL store; `agentwerk` unless given. */
  readonly schema?: string | undefined;
}

/**
 * Copies a namespace from one place to another, SQLite and PostgreSQL in any direction, with nothing lost; the target has
 * to be new or empty. See {@link copyArchive}.
 */
export function copyStore(from: StorePlace, to: StorePlace, options: CopyOptions = {}): Promise<CopyReport> {
  return copyArchive(archiveOf(from), archiveOf(to), options);
}

function archiveOf({ url, namespace, schema }: StorePlace): StoreArchive {
  if (/^postgres(ql)?:/.test(url)) return postgresArchive(url, { namespace, schema });
  return sqliteArchive({ path: url, namespace });
}
