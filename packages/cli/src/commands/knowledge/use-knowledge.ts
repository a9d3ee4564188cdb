import { AgentwerkError, type Knowledge, type KnowledgeEntry } from "@agentwerk/core";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { readTextArgument } from "../../cli/parse-values.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { ConfigError } from "../../config/config-error.ts";
import { makeKnowledge } from "../../config/make-knowledge.ts";
import { makePlugins } from "../../config/make-plugins.ts";
import { formatTime } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { sanitize, sanitizeLine } from "../../show/sanitize.ts";
import { formatTable } from "../../show/table.ts";

interface KnowledgeOptions {
  readonly dir?: string | undefined;
  readonly json?: true | undefined;
}

export async function listPages(options: KnowledgeOptions, context: CommandContext): Promise<ExitCode> {
  const knowledge = await openKnowledge(options, context);
  return printEntries(await knowledge.list(), { options, context });
}

export async function showPage(
  options: KnowledgeOptions & { readonly slug: string },
  context: CommandContext,
): Promise<ExitCode> {
  const { out } = context;
  const page = await (await openKnowledge(options, context)).read(options.slug);
  if (page === undefined) throw notFound(options.slug);
  if (options.json === true) out.write(toJsonLine(page));
  else {
    const head = [page.type, ...page.tags, formatTime(page.timestamp)].map(sanitizeLine).join(", ");
    out.write(`${out.paint("bold", sanitizeLine(page.description))}\n${out.paint("dim", head)}\n\n`);
    out.write(`${sanitize(page.body).trimEnd()}\n`);
  }
  return exitCodes.ok;
}

export async function writePage(
  options: KnowledgeOptions & {
    readonly slug: string;
    readonly text: readonly string[];
    readonly description?: string | undefined;
    readonly type?: string | undefined;
    readonly tag?: readonly string[] | undefined;
  },
  context: CommandContext,
): Promise<ExitCode> {
  const { slug, description, type, tag: tags } = options;
  if (description === undefined) {
    throw new UsageError(
      '--description is missing: one line that says what the page tells, as in agentwerk knowledge write deploy-steps -d "How to deploy" "Run the pipeline."',
    );
  }
  const knowledge = await openKnowledge(options, context);
  const body = await readTextArgument(options.text, "page");
  const page = await knowledge.write({ slug, description, type, tags, body });
  context.out.write(options.json === true ? toJsonLine(page) : `${page.slug} is written.\n`);
  return exitCodes.ok;
}

export async function removePage(
  options: KnowledgeOptions & { readonly slug: string },
  context: CommandContext,
): Promise<ExitCode> {
  const removed = await (await openKnowledge(options, context)).remove(options.slug);
  if (!removed) throw notFound(options.slug);
  context.out.write(options.json === true ? toJsonLine({ removed }) : `${options.slug} is removed.\n`);
  return exitCodes.ok;
}

export async function searchPages(
  options: KnowledgeOptions & { readonly words: readonly string[]; readonly limit?: number | undefined },
  context: CommandContext,
): Promise<ExitCode> {
  const knowledge = await openKnowledge(options, context);
  if (knowledge.search === undefined) {
    throw new AgentwerkError({
      code: "unsupported",
      message: "This knowledge cannot be searched; list its pages instead.",
    });
  }
  const found = await knowledge.search(options.words.join(" "), { limit: options.limit ?? 10 });
  return printEntries(found, { options, context });
}

async function openKnowledge({ dir }: KnowledgeOptions, context: CommandContext): Promise<Knowledge> {
  if (dir !== undefined) return makeKnowledge(dir, { field: "--dir", root: process.cwd() });
  const project = await openProjectOf(context);
  const { config, root } = project;
  if (config.knowledge !== undefined) {
    return makeKnowledge(project.expand(config.knowledge, "knowledge"), { field: "knowledge", root });
  }
  const plugins = await makePlugins(config.plugins ?? [], { root });
  const brought = plugins.find(({ knowledge }) => knowledge !== undefined)?.knowledge;
  if (brought !== undefined) return brought;
  throw new ConfigError(
    'No knowledge is configured; write knowledge: "./knowledge" into agentwerk.config.ts, or give --dir.',
  );
}

function printEntries(
  entries: readonly KnowledgeEntry[],
  {
    options,
    context: { out, log },
  }: { readonly options: KnowledgeOptions; readonly context: CommandContext },
): ExitCode {
  if (options.json === true) out.write(toJsonLine(entries));
  else if (entries.length === 0) log.write("No pages.\n");
  else {
    const columns = [
      { title: "slug", cell: ({ slug }: KnowledgeEntry) => sanitizeLine(slug) },
      { title: "type", cell: ({ type }: KnowledgeEntry) => sanitizeLine(type) },
      { title: "written", cell: ({ timestamp }: KnowledgeEntry) => formatTime(timestamp).slice(0, 10) },
      {
        title: "description",
        cell: ({ description }: KnowledgeEntry) => sanitizeLine(description),
        flexible: true as const,
      },
    ];
    out.write(formatTable(entries, { columns, terminal: out }));
  }
  return exitCodes.ok;
}

function notFound(slug: string): AgentwerkError {
  return new AgentwerkError({
    code: "not_found",
    message: `There is no page ${slug}; agentwerk knowledge list shows those there are.`,
  });
}
