import { sqliteArchive } from "@agentwerk/core/sqlite";
import type { StoreArchive } from "@agentwerk/core/store-kit";
import type { Project } from "../../config/project.ts";
import { loadPostgres } from "./load-postgres.ts";
import { isPostgresUrl } from "./postgres-url.ts";

export function postgresUrlOf(project: Project): string | undefined {
  const { store } = project.config;
  if (typeof store !== "string") return undefined;
  const url = project.expand(store, "store");
  return isPostgresUrl(url) ? url : undefined;
}

/** A namespace at a `postgres://` URL or in a SQLite file. */
export async function archiveAt(project: Project, place: string, namespace: string): Promise<StoreArchive> {
  if (!isPostgresUrl(place)) return sqliteArchive({ path: place, namespace });
  const { postgresArchive } = await loadPostgres(project);
  return postgresArchive(place, { namespace });
}
