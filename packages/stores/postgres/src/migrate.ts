import { AgentwerkError } from "@agentwerk/core";
import pg from "pg";
import type { Database, Row } from "./database.ts";
import { migrations } from "./schema/migrations.ts";

export interface SchemaStatus {
  /** 0: there is no schema yet. */
  readonly version: number;
  /** What this release of the package knows. */
  readonly known: number;
}

/** The version of the schema at the server, as far as it is there. */
export async function readSchemaStatus(database: Database): Promise<SchemaStatus> {
  const [found] = await database.query("SELECT to_regclass($1) IS NOT NULL AS there", [
    `${database.schema}.migrations`,
  ]);
  if (found?.there !== true) return { version: 0, known: migrations.length };
  const [newest] = await database.query(
    `SELECT version, compatible_from FROM ${database.schema}.migrations ORDER BY version DESC LIMIT 1`,
  );
  checkCompatible(database, newest);
  return { version: Number(newest?.version ?? 0), known: migrations.length };
}

/**
 * Brings the schema up to date: one transaction, one process at a time, forward only. Workers of the version before go on.
 * @returns the version that was there before.
 */
export async function migrate(database: Database): Promise<SchemaStatus> {
  const client = await database.connect();
  const run = (sql: string): Promise<unknown> => client.query(sql.replaceAll("{s}", database.schema));
  try {
    await run(`BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s';
      SELECT pg_advisory_xact_lock(hashtext('agentwerk migrations'), hashtext('{s}'))`);
    await run(`CREATE SCHEMA IF NOT EXISTS {s};
      CREATE TABLE IF NOT EXISTS {s}.migrations (
        version integer PRIMARY KEY, compatible_from integer NOT NULL, at timestamptz NOT NULL DEFAULT now())`);
    const { rows } = await client.query<Row>(
      `SELECT version, compatible_from FROM ${database.schema}.migrations ORDER BY version DESC LIMIT 1`,
    );
    checkCompatible(database, rows[0]);
    const version = Number(rows[0]?.version ?? 0);
    for (const [place, { sql, compatibleFrom }] of migrations.entries()) {
      if (place < version) continue;
      await run(sql);
      await run(
        `INSERT INTO {s}.migrations (version, compatible_from) VALUES (${place + 1}, ${compatibleFrom})`,
      );
    }
    await run("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {s} FROM PUBLIC; COMMIT");
    return { version, known: migrations.length };
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** A newer schema is fine as long as it says that this version can work on it. */
function checkCompatible({ where, schema }: Database, newest: Row | undefined): void {
  const from = Number(newest?.compatible_from ?? 0);
  if (from <= migrations.length) return;
  throw new AgentwerkError({
    code: "unsupported",
    message: `The schema ${schema} of ${where} is of a later version of agentwerk (${String(newest?.version)}; it needs ${from}, this one knows ${migrations.length}). Update agentwerk to open it.`,
  });
}

/**
 * What a role needs, as SQL: workers call functions and read; readers only read.
 * Worth running again after each migration, since that brings new functions and tables.
 */
export function grantsFor(
  schema: string,
  roles: { readonly workers?: readonly string[]; readonly readers?: readonly string[] },
): string {
  const lines = (names: readonly string[], isWorker: boolean): string[] =>
    names.flatMap((name) => {
      const role = pg.escapeIdentifier(name);
      return [
        `GRANT USAGE ON SCHEMA ${schema} TO ${role};`,
        `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role};`,
        `GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role};`,
        // Those of namespaces to come.
        `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT ON SEQUENCES TO ${role};`,
        ...(isWorker ? [`GRANT INSERT, UPDATE, DELETE ON ${schema}.knowledge TO ${role};`] : []),
        isWorker
          ? `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${role};`
          : `GRANT EXECUTE ON FUNCTION ${readFunctionsOf(schema)} TO ${role};`,
      ];
    });
  return [...lines(roles.workers ?? [], true), ...lines(roles.readers ?? [], false)].join("\n");
}

/** What reading calls. */
function readFunctionsOf(schema: string): string {
  const signatures = [
    "moment()",
    "content(text, text)",
    `state(${schema}.tickets)`,
    "queues_of(text[])",
    "add_sums(double precision[], double precision[])",
    "sum_of_sums(double precision[])",
    "peek(jsonb)",
    "settle_events(integer)",
  ];
  return signatures.map((signature) => `${schema}.${signature}`).join(", ");
}
