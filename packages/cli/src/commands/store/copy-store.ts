import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AgentwerkError } from "@agentwerk/core";
import type { StorePlace } from "@agentwerk/store-postgres";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { UsageError } from "../../cli/usage-error.ts";
import type { Project } from "../../config/project.ts";
import { groupDigits } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { loadPostgres } from "./load-postgres.ts";
import { isPostgresUrl, withoutSecrets } from "./postgres-url.ts";

interface CopyOptions {
  /** A folder, or the URL of a PostgreSQL database. */
  readonly target: string;
  readonly json?: true | undefined;
}

/** Within SQLite by one statement, which reads a snapshot while workers go on; with PostgreSQL on either side by its package. */
export async function copyStore({ target, json }: CopyOptions, context: CommandContext): Promise<ExitCode> {
  const project = await openProjectOf(context);
  const source = sourceOf(project);
  if (!isPostgresUrl(source) && !existsSync(source)) {
    throw new AgentwerkError({ code: "not_found", message: `There is no store at ${source} yet.` });
  }
  const place = isPostgresUrl(target) ? target : join(resolve(target), "tickets.db");
  if (!isPostgresUrl(place)) {
    if (existsSync(place)) throw new UsageError(`${place} is there already; name another folder.`);
    await mkdir(resolve(target), { recursive: true, mode: 0o700 });
  }
  if (!isPostgresUrl(source) && !isPostgresUrl(place)) {
    const bytes = await copyFile(source, place);
    const text = `✓ ${place}, ${groupDigits(bytes)} bytes\n`;
    context.out.write(json === true ? toJsonLine({ file: place, bytes }) : text);
    return exitCodes.ok;
  }
  const { copyStore: copy } = await loadPostgres(project);
  const namespace = project.expand(project.config.namespace ?? "default", "namespace");
  const toPlace = (url: string): StorePlace => ({ url, namespace });
  const { tickets, replies, events } = await copy(toPlace(source), toPlace(place));
  const to = withoutSecrets(place);
  const counts = `${groupDigits(tickets)} tickets, ${groupDigits(replies)} replies, ${groupDigits(events)} events`;
  context.out.write(
    json === true ? toJsonLine({ to, namespace, tickets, replies, events }) : `✓ ${to}: ${counts}\n`,
  );
  return exitCodes.ok;
}

function sourceOf(project: Project): string {
  const { store, dir = ".agentwerk" } = project.config;
  if (store === undefined) return join(resolve(project.root, project.expand(dir, "dir")), "tickets.db");
  const url = typeof store === "string" ? project.expand(store, "store") : undefined;
  if (url !== undefined && isPostgresUrl(url)) return url;
  throw new UsageError("Only SQLite and PostgreSQL stores are copied here.");
}

async function copyFile(source: string, place: string): Promise<number> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(source, { readOnly: true });
  try {
    database.prepare("VACUUM INTO ?").run(place);
  } finally {
    database.close();
  }
  return (await stat(place)).size;
}
