import { AgentwerkError } from "@agentwerk/core";
import pg from "pg";
import { type Database, openDatabase } from "./database.ts";
import { grantsFor, migrate, readSchemaStatus, type SchemaStatus } from "./migrate.ts";
import { type PostgresOptions, type PostgresTarget, resolveOptions } from "./postgres-options.ts";

export interface PostgresStatus extends SchemaStatus {
  readonly server: string;
  /** Tickets, queue, replies and events, in bytes on the server's disk. */
  readonly bytes: number;
  readonly namespaces: readonly {
    readonly name: string;
    readonly tickets: number;
    readonly events: number;
  }[];
}

export interface MigrateOptions extends PostgresOptions {
  /** Roles that work tickets: they may call the functions and read. */
  readonly workers?: readonly string[] | undefined;
  /** Roles that only read. */
  readonly readers?: readonly string[] | undefined;
}

/**
 * Makes the schema or brings it up to date, with the role that is to own it, and grants the others their rights. Workers of
 * the version before go on meanwhile.
 * @returns the version that was there before, and the one that is there now.
 * @throws AgentwerkError `invalid_input` for a role that the server does not have; then nothing was changed.
 */
export async function migratePostgres(
  target: PostgresTarget,
  { workers = [], readers = [], ...options }: MigrateOptions = {},
): Promise<SchemaStatus> {
  return withDatabase(target, options, async (database) => {
    await checkRoles(database, [...workers, ...readers]);
    const status = await migrate(database);
    const grants = grantsFor(database.schema, { workers, readers });
    if (grants !== "") await database.query(grants);
    return status;
  });
}

async function checkRoles(database: Database, roles: readonly string[]): Promise<void> {
  const missing = await database.query(
    "SELECT r.name FROM unnest($1::text[]) AS r (name) WHERE NOT EXISTS (SELECT FROM pg_roles p WHERE p.rolname = r.name)",
    [roles],
  );
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => pg.escapeIdentifier(String(name)));
  const remedy = names.map((name) => `CREATE ROLE ${name} LOGIN`).join("; ");
  throw new AgentwerkError({
    code: "invalid_input",
    message: `${database.where} has no role ${names.join(", ")}. Nothing was changed; make it first: ${remedy}.`,
  });
}

/** What is there, without changing anything. */
export async function postgresStatus(
  target: PostgresTarget,
  options: PostgresOptions = {},
): Promise<PostgresStatus> {
  return withDatabase(target, options, async (database) => {
    const status = await readSchemaStatus(database);
    const [server] = await database.query("SELECT current_setting('server_version') AS version");
    const head = { ...status, server: String(server?.version) };
    if (status.version === 0) return { ...head, bytes: 0, namespaces: [] };
    const [size] = await database.query(
      `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 AS bytes FROM pg_class c
       WHERE c.relnamespace = to_regnamespace($1) AND c.relkind = 'r'`,
      [database.schema],
    );
    const rows = await database.query(
      `SELECT n.name, (SELECT count(*) FROM {s}.tickets t WHERE t.namespace = n.id)::float8 AS tickets,
         (SELECT count(*) FROM {s}.events e WHERE e.namespace = n.id)::float8 AS events
       FROM {s}.namespaces n ORDER BY n.name`.replaceAll("{s}", database.schema),
    );
    const namespaces = rows.map(({ name, tickets, events }) => ({
      name: String(name),
      tickets: Number(tickets),
      events: Number(events),
    }));
    return { ...head, bytes: Number(size?.bytes), namespaces };
  });
}

async function withDatabase<T>(
  target: PostgresTarget,
  options: PostgresOptions,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = openDatabase(resolveOptions(target, options));
  try {
    return await database.persist(() => work(database));
  } finally {
    await database.close();
  }
}
