import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AgentwerkError } from "@agentwerk/core";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { groupDigits } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";

/** One statement of SQLite's, which reads a snapshot: workers go on meanwhile. */
export async function copyStore(
  options: { readonly folder: string; readonly json?: true | undefined },
  context: CommandContext,
): Promise<ExitCode> {
  const project = await openProjectOf(context);
  const { config, root } = project;
  if (config.store !== undefined) {
    throw new UsageError(
      "Only SQLite stores are copied here; a database server has tools of its own, such as pg_dump.",
    );
  }
  const source = join(resolve(root, project.expand(config.dir ?? ".agentwerk", "dir")), "tickets.db");
  if (!existsSync(source)) {
    throw new AgentwerkError({ code: "not_found", message: `There is no store at ${source} yet.` });
  }
  const target = join(resolve(options.folder), "tickets.db");
  if (existsSync(target)) throw new UsageError(`${target} is there already; name another folder.`);
  await mkdir(resolve(options.folder), { recursive: true, mode: 0o700 });
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(source, { readOnly: true });
  try {
    database.prepare("VACUUM INTO ?").run(target);
  } finally {
    database.close();
  }
  const { size } = await stat(target);
  context.out.write(
    options.json === true
      ? toJsonLine({ file: target, bytes: size })
      : `✓ ${target}, ${groupDigits(size)} bytes\n`,
  );
  return exitCodes.ok;
}
