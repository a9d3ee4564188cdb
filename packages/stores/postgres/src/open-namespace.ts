import { AgentwerkError } from "@agentwerk/core";
import type { Database } from "./database.ts";
import type { ServerClock } from "./database-clock.ts";
import { migrate, readSchemaStatus } from "./migrate.ts";
import type { ResolvedOptions } from "./postgres-options.ts";

const oldestVersion = 140_000;

/**
 * The number of a namespace, which is registered at first use; before that, the schema is brought up to date.
 * @throws AgentwerkError `unsupported` for a server, database or schema that cannot hold a store, `store_unavailable`.
 */
export function openNamespace(
  database: Database,
  options: ResolvedOptions,
  clock: ServerClock,
): Promise<number> {
  return database.persist(async () => {
    await checkServer(database);
    const { version, known } = await readSchemaStatus(database);
    if (version < known) {
      if (!options.migrate) {
        throw new AgentwerkError({
          code: "store_unavailable",
          message: `The schema ${database.schema} of ${database.where} is at version ${version}, and this release needs ${known}. Run agentwerk store migrate with the role that owns it.`,
        });
      }
      await migrate(database);
    }
    const [found] = await database.query(
      `SELECT n.id, ${database.schema}.moment() AS now FROM ${database.schema}.namespaces n WHERE n.name = $1`,
      [options.namespace],
    );
    if (found !== undefined) {
      clock.learn(Number(found.now));
      return Number(found.id);
    }
    const [made] = await database.query(
      `SELECT ${database.schema}.open_namespace($1) AS id, ${database.schema}.moment() AS now`,
      [options.namespace],
    );
    clock.learn(Number(made?.now));
    return Number(made?.id);
  });
}

async function checkServer(database: Database): Promise<void> {
  const [row] = await database.query(
    `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding,
       current_setting('transaction_isolation') AS isolation, current_setting('extra_float_digits')::integer AS digits`,
  );
  const refuse = (message: string): never => {
    throw new AgentwerkError({ code: "unsupported", message: `${database.where} ${message}` });
  };
  if (Number(row?.version) < oldestVersion) refuse("is older than PostgreSQL 14. Update the server.");
  if (row?.encoding !== "UTF8")
    refuse(`has the encoding ${String(row?.encoding)}. Make a database with ENCODING 'UTF8'.`);
  if (row?.isolation !== "read committed") {
    refuse(
      `has the default isolation ${String(row?.isolation)}. Set default_transaction_isolation to read committed for this role.`,
    );
  }
  if (Number(row?.digits) < 1) {
    refuse(
      `rounds numbers, with extra_float_digits = ${String(row?.digits)}. Set it to 1, as the server comes, for this role.`,
    );
  }
}
