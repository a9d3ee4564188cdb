import { stat } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import { AgentwerkError } from "@agentwerk/core";
import { type CopyReport, copyArchive, HeldTicketsError } from "@agentwerk/core/store-kit";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { listenForInterrupts } from "../../cli/interrupts.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { fileIn, namespaceOf, sqliteFileOf } from "../../config/sqlite-store.ts";
import { count } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import { shellWord } from "../../show/shell-word.ts";
import { CopyView } from "./copy-view.ts";
import { isPostgresUrl, withoutSecrets } from "./postgres-url.ts";
import { archiveAt, postgresUrlOf } from "./store-places.ts";

export interface CopyCommandOptions {
  /** A folder, or the URL of a PostgreSQL database. */
  readonly target: string;
  readonly namespace?: string | undefined;
  /** The namespace of the copy. */
  readonly as?: string | undefined;
  /** In milliseconds. */
  readonly wait?: number | undefined;
  readonly live?: true | undefined;
  readonly json?: true | undefined;
}

/** One namespace, from the configured store to another place, SQLite and PostgreSQL in any direction. */
export async function copyStore(options: CopyCommandOptions, context: CommandContext): Promise<ExitCode> {
  const { target, wait, live, json } = options;
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(target) && !isPostgresUrl(target)) {
    throw new UsageError(
      `${withoutSecrets(target)} is neither a folder nor the URL of a PostgreSQL database.`,
    );
  }
  const project = await openProjectOf(context);
  const source = postgresUrlOf(project) ?? sqliteFileOf(project);
  if (source === undefined) throw new UsageError("Only SQLite and PostgreSQL stores are copied here.");
  const namespace = options.namespace ?? namespaceOf(project) ?? "default";
  const toNamespace = options.as ?? namespace;
  const place = isPostgresUrl(target) ? target : fileIn(await folderOf(target));
  const from = await archiveAt(project, source, namespace);
  const to = await archiveAt(project, place, toNamespace);
  using interrupts = listenForInterrupts();
  using view = new CopyView(context.log);
  try {
    const report = await copyArchive(from, to, {
      held: live === true ? "copy" : "refuse",
      waitMs: wait,
      onProgress: (progress) => view.show(progress),
      signal: interrupts.asked,
    });
    view.close();
    const where = withoutSecrets(place);
    if (json === true) context.out.write(toJsonLine({ to: where, namespace, toNamespace, ...report }));
    else tell(report, { where, namespace: toNamespace, context });
    return exitCodes.ok;
  } catch (error) {
    if (interrupts.exitCode === undefined) throw withOptions(error);
    view.close();
    context.log.write("Nothing was copied.\n");
    return interrupts.exitCode;
  }
}

/**
 * The folder that a target means, also by the file in it.
 * @throws UsageError where a file stands in the way, or another file seems to be meant.
 */
async function folderOf(target: string): Promise<string> {
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return target;
  const folder = basename(target) === basename(fileIn("")) ? dirname(target) : target;
  await checkFolder(folder);
  const ending = extname(folder);
  if (!fileEndings.has(ending) || folder.endsWith("/")) return folder;
  const problem = `${target} looks like a file, and a copy is a folder with tickets.db in it`;
  const bare = folder.slice(0, -ending.length);
  throw new UsageError(
    `${problem}: agentwerk store copy ${shellWord(bare)}. A folder of that very name ends in /.`,
  );
}

/** Of the files that SQLite's programs write. */
const fileEndings: ReadonlySet<string> = new Set([".db", ".db3", ".sqlite", ".sqlite3"]);

/** @throws UsageError where a file stands in the way of the folder. */
async function checkFolder(target: string): Promise<void> {
  const wanted = "name a folder, for tickets.db in it, or the URL of a PostgreSQL database";
  for (let path = resolve(target); path !== dirname(path); path = dirname(path)) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return;
    if (found === undefined) continue;
    const problem = path === resolve(target) ? target : `${target} cannot be made: ${path}`;
    throw new UsageError(`${problem} is a file; ${wanted}.`);
  }
}

/** What helps, in the words of the command line. */
function withOptions(error: unknown): unknown {
  if (!AgentwerkError.isInstance(error) || error.code !== "conflict") return error;
  const { code, cause } = error;
  const message = HeldTicketsError.isInstance(error)
    ? `${error.problem}; --wait 2m waits for that. To take a backup while they work, copy with --live.`
    : // Whatever else stands in the way stands in the namespace of the copy.
      `${error.message} --as <name> names another namespace.`;
  return new AgentwerkError({ code, message, cause });
}

function tell(
  report: CopyReport,
  {
    where,
    namespace,
    context,
  }: { readonly where: string; readonly namespace: string; readonly context: CommandContext },
): void {
  const { tickets, replies, events, held, hasMovedOn, otherNamespaces } = report;
  const { out, log } = context;
  const counts = [count(tickets, "ticket"), count(replies, "message"), count(events, "event")].join(", ");
  const mark = out.paint("green", "✓");
  out.write(`${mark} ${sanitizeLine(where)}, namespace ${sanitizeLine(namespace)}: ${counts}\n`);
  const warn = (text: string): void => log.write(`${log.paint("yellow", "!")} ${sanitizeLine(text)}\n`);
  if (held > 0)
    warn(
      `Workers held ${count(held, "ticket")}: in the copy they go on when the leases run out, as after a crash.`,
    );
  if (hasMovedOn)
    warn("The store was written to meanwhile; what came after the copy had begun is not in it.");
  if (otherNamespaces.length > 0)
    warn(`Other namespaces are not in it: ${otherNamespaces.join(", ")}. --namespace copies one.`);
}
