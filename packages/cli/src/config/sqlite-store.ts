import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { AgentwerkError, type TicketStore } from "@agentwerk/core";
import { sqliteStore } from "@agentwerk/core/sqlite";
import type { Project } from "./project.ts";

/** The folder of a project as its configuration names it: for the SQLite store, and for what goes beside any store. */
export function dirOf(project: Project): string {
  return project.expand(project.config.dir ?? ".agentwerk", "dir");
}

/** The namespace that is configured, if any is. */
export function namespaceOf({ config, expand }: Project): string | undefined {
  return config.namespace === undefined ? undefined : expand(config.namespace, "namespace");
}

/** The SQLite file of a project whose configuration names no other store. */
export function sqliteFileOf(project: Project): string | undefined {
  return project.config.store === undefined ? fileIn(resolve(project.root, dirOf(project))) : undefined;
}

export function fileIn(folder: string): string {
  return join(resolve(folder), "tickets.db");
}

/**
 * The SQLite store of a project to look at, where it could not be opened to write; `undefined` where something else is wrong.
 * @throws AgentwerkError where it cannot be read either.
 */
export function storeToLookAt(project: Project, refusal: unknown): TicketStore | undefined {
  if (!AgentwerkError.isInstance(refusal) || refusal.code !== "store_unavailable") return undefined;
  const path = sqliteFileOf(project);
  if (path === undefined || !existsSync(path)) return undefined;
  return sqliteStore({ path, namespace: namespaceOf(project), readOnly: true });
}
