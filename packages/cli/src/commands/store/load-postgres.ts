import { AgentwerkError } from "@agentwerk/core";
import type { migratePostgres, postgresArchive, postgresStatus } from "@agentwerk/store-postgres";
import { loadPackage } from "../../config/load-package.ts";
import type { Project } from "../../config/project.ts";

/** What the commands use of the package. */
export interface PostgresAdmin {
  readonly migratePostgres: typeof migratePostgres;
  readonly postgresArchive: typeof postgresArchive;
  readonly postgresStatus: typeof postgresStatus;
}

export async function loadPostgres({ root }: Project): Promise<PostgresAdmin> {
  const packageName = "@agentwerk/store-postgres";
  const exported: unknown = await loadPackage(packageName, { root, why: "store is a PostgreSQL database" });
  if (isPostgresAdmin(exported)) return exported;
  const message = `${packageName} is too old for this command; update it: npm install ${packageName}@latest`;
  throw new AgentwerkError({ code: "missing_dependency", message });
}

function isPostgresAdmin(value: unknown): value is PostgresAdmin {
  if (typeof value !== "object" || value === null) return false;
  return ["migratePostgres", "postgresArchive", "postgresStatus"].every(
    (name) => typeof Reflect.get(value, name) === "function",
  );
}
