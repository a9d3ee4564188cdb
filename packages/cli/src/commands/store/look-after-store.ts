import { stat } from "node:fs/promises";
import type { PostgresStatus } from "@agentwerk/store-postgres";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { openQueue } from "../../config/open-system.ts";
import type { Project } from "../../config/project.ts";
import { sqliteFileOf } from "../../config/sqlite-store.ts";
import { groupDigits } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import { formatFields } from "../../show/table.ts";
import { describeEngine } from "./describe-engine.ts";
import { loadPostgres } from "./load-postgres.ts";
import { postgresUrlOf } from "./store-places.ts";

export async function showStatus(
  options: { readonly json?: true | undefined },
  context: CommandContext,
): Promise<ExitCode> {
  const { out } = context;
  const project = await openProjectOf(context);
  const url = postgresUrlOf(project);
  const postgres = url === undefined ? undefined : await (await loadPostgres(project)).postgresStatus(url);
  const file = await statusOfFile(sqliteFileOf(project));
  // Opening a store makes it; a look must not.
  const isThere = file?.bytes !== 0 && postgres?.version !== 0;
  const tickets = isThere ? await countTickets(project) : undefined;
  const engine = describeEngine(project);
  if (options.json === true) out.write(toJsonLine({ engine, tickets, sqlite: file, postgres }));
  else {
    const counts = Object.entries(tickets ?? {}).map(([name, value]) => [name, groupDigits(value)] as const);
    out.write(
      formatFields(
        [["engine", sanitizeLine(engine)], ...describeFile(file), ...describePostgres(postgres), ...counts],
        out,
      ),
    );
  }
  return exitCodes.ok;
}

interface FileStatus {
  readonly file: string;
  /** With what is not yet moved into the file itself; 0 when there is none. */
  readonly bytes: number;
}

async function statusOfFile(file: string | undefined): Promise<FileStatus | undefined> {
  if (file === undefined) return undefined;
  const sizes = await Promise.all(
    [file, `${file}-wal`].map((path) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return { file, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function countTickets(project: Project): Promise<Readonly<Record<string, number>>> {
  await using queue = await openQueue(project, { onlyLooks: true });
  const [{ all }, { todo, inProgress, waiting, leased }] = await Promise.all([
    queue.store.totals(),
    queue.store.outlook([]),
  ]);
  const { done, failed, cancelled } = all;
  return { todo, in_progress: inProgress, held: leased, waiting, done, failed, cancelled };
}

export async function migrateStore(
  options: {
    readonly worker?: readonly string[] | undefined;
    readonly reader?: readonly string[] | undefined;
    readonly json?: true | undefined;
  },
  context: CommandContext,
): Promise<ExitCode> {
  const { out } = context;
  const project = await openProjectOf(context);
  const url = postgresUrlOf(project);
  if (url === undefined) {
    throw new UsageError(
      `${describeEngine(project)} needs no migration by hand: what it needs is done when it is opened.`,
    );
  }
  const { migratePostgres } = await loadPostgres(project);
  const { version, known } = await migratePostgres(url, { workers: options.worker, readers: options.reader });
  if (options.json === true) out.write(toJsonLine({ before: version, now: known }));
  else
    out.write(
      version === known
        ? `The schema is at version ${known} already.\n`
        : `The schema went from version ${version} to ${known}.\n`,
    );
  return exitCodes.ok;
}

function describeFile(status: FileStatus | undefined): readonly (readonly [string, string])[] {
  if (status === undefined) return [];
  const { file, bytes } = status;
  if (bytes === 0) return [["file", "none yet; the first ticket makes it"]];
  return [
    ["file", sanitizeLine(file)],
    ["bytes", groupDigits(bytes)],
  ];
}

function describePostgres(status: PostgresStatus | undefined): readonly (readonly [string, string])[] {
  if (status === undefined) return [];
  const { server, version, known, bytes, namespaces } = status;
  const next = version < known ? "; agentwerk store migrate brings it up to date" : "";
  return [
    ["server", sanitizeLine(server)],
    [
      "schema",
      version === 0 ? `none yet; agentwerk store migrate makes it` : `version ${version} of ${known}${next}`,
    ],
    ["bytes", groupDigits(bytes)],
    ...namespaces.map(
      ({ name, tickets }) => [`namespace ${sanitizeLine(name)}`, `${groupDigits(tickets)} tickets`] as const,
    ),
  ];
}
