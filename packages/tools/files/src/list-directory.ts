import type { Dirent } from "node:fs";
import { readdir, readlink } from "node:fs/promises";
import { defineTool, type Tool, type ToolContext, type ToolReturn } from "@agentwerk/core";
import { answering } from "./confine/answering.ts";
import { FileProblem } from "./confine/file-problem.ts";
import { type OpenFolder, openChild, openFolder } from "./confine/open-inside.ts";
import { locate, type Scope } from "./confine/place.ts";
import { suggestPath } from "./confine/suggest-path.ts";
import { type FileToolOptions, scopeOf } from "./file-tool-options.ts";
import { listDirectoryText } from "./list-directory.text.ts";
import { type IgnoreRules, noIgnoreRules, readIgnoreRules } from "./search/git-ignore.ts";
import { printName } from "./text/print-name.ts";

export type ListDirectoryOptions = FileToolOptions;

interface ListInput {
  readonly path?: string;
  readonly depth?: number;
  readonly limit?: number;
  readonly ignored?: boolean;
}

/** The tool `list_directory`. */
export function listDirectory(options: ListDirectoryOptions = {}): Tool {
  const scope = scopeOf(options);
  return defineTool({
    name: "list_directory",
    description: listDirectoryText.description,
    input: {
      type: "object",
      properties: {
        path: { type: "string", description: listDirectoryText.path },
        depth: { type: "integer", minimum: 1, maximum: 10, description: listDirectoryText.depth },
        limit: { type: "integer", minimum: 1, maximum: 5_000, description: listDirectoryText.limit },
        ignored: { type: "boolean", description: listDirectoryText.ignored },
      },
      additionalProperties: false,
    },
    readOnly: true,
    run: (value, context) => {
      const input = value as unknown as ListInput;
      return answering({ path: input.path ?? ".", context }, () =>
        list(input, { scope: scope(context), context }),
      );
    },
  });
}

async function list(
  { path = ".", depth = 1, limit = 300, ignored = false }: ListInput,
  { scope, context }: { readonly scope: Scope; readonly context: ToolContext },
): Promise<ToolReturn> {
  const place = await locate(path, scope);
  if (place.missing.length > 0) {
    throw new FileProblem(`${place.shown} does not exist.${await suggestPath(path, scope, context.signal)}`);
  }
  const folder = await openFolder(path, scope);
  try {
    const rules = ignored ? noIgnoreRules : await readIgnoreRules(folder.real);
    const listing: Listing = { lines: [], limit, left: 0, unread: 0, ignored: 0, signal: context.signal };
    await walk({ folder, prefix: "", depth, rules }, listing);
    return format(listing);
  } finally {
    await folder.close();
  }
}

interface Listing {
  readonly lines: string[];
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Entries past the limit, of the directories that were looked into. */
  left: number;
  unread: number;
  ignored: number;
}

interface Level {
  readonly folder: OpenFolder;
  readonly prefix: string;
  readonly depth: number;
  readonly rules: IgnoreRules;
}

async function walk({ folder, prefix, depth, rules }: Level, listing: Listing): Promise<void> {
  const entries = await readdir(folder.at("."), { withFileTypes: true });
  listing.signal.throwIfAborted();
  const shown = entries.filter(
    (entry) => entry.name !== ".git" && !rules.ignores(entry.name, entry.isDirectory()),
  );
  listing.ignored += entries.length - shown.length;
  shown.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of shown) {
    if (listing.lines.length >= listing.limit) {
      listing.left += 1;
      continue;
    }
    listing.lines.push(prefix + (await describe(entry, folder)));
    if (entry.isDirectory() && depth > 1) {
      await walkInto(
        entry.name,
        { folder, prefix: `${prefix}${printName(entry.name)}/`, depth: depth - 1, rules },
        listing,
      );
    }
  }
}

async function walkInto(
  name: string,
  { folder, prefix, depth, rules }: Level,
  listing: Listing,
): Promise<void> {
  try {
    const child = await openChild(folder, name);
    if (child === undefined) return;
    try {
      const within = await rules.within(name, child.at(".gitignore"));
      await walk({ folder: child, prefix, depth, rules: within }, listing);
    } finally {
      await child.close();
    }
  } catch {
    listing.signal.throwIfAborted();
    listing.unread += 1;
  }
}

async function describe(entry: Dirent, folder: OpenFolder): Promise<string> {
  const name = printName(entry.name);
  if (entry.isDirectory()) return `${name}/`;
  if (entry.isSymbolicLink())
    return `${name} -> ${printName(await readlink(folder.at(entry.name)).catch(() => "?"))}`;
  if (entry.isFile()) return name;
  if (entry.isFIFO()) return `${name} (pipe)`;
  return `${name} (${entry.isSocket() ? "socket" : "device"})`;
}

function format({ lines, left, limit, unread, ignored }: Listing): string {
  const notes: string[] = [];
  if (left > 0) notes.push(`${left} more names: list a directory within, or raise limit from ${limit}`);
  if (unread > 0) notes.push(`${unread} directories could not be read`);
  if (lines.length === 0)
    return ignored > 0 ? `(empty, but for ${ignored} names that .gitignore leaves out)` : "(empty)";
  return [...lines, ...notes.map((note) => `(${note})`)].join("\n");
}
