import { join } from "node:path";
import { defineTool, type Tool, type ToolContext, type ToolReturn } from "@agentwerk/core";
import { answering } from "./confine/answering.ts";
import { confirmNames } from "./confine/confirm-names.ts";
import { openFolder } from "./confine/open-inside.ts";
import { locate, type Scope, show } from "./confine/place.ts";
import { type FileToolOptions, scopeOf } from "./file-tool-options.ts";
import { globText } from "./glob.text.ts";
import { compileGlob } from "./search/glob-pattern.ts";
import { listFiles } from "./search/list-files.ts";
import { printName } from "./text/print-name.ts";

export type GlobOptions = FileToolOptions;

interface GlobInput {
  readonly pattern: string;
  readonly path?: string;
  readonly limit?: number;
  readonly ignored?: boolean;
}

/** The tool `glob`. */
export function glob(options: GlobOptions = {}): Tool {
  const scope = scopeOf(options);
  return defineTool({
    name: "glob",
    description: globText.description,
    input: {
      type: "object",
      properties: {
        pattern: { type: "string", minLength: 1, maxLength: 1_000, description: globText.pattern },
        path: { type: "string", description: globText.path },
        limit: { type: "integer", minimum: 1, maximum: 2_000, description: globText.limit },
        ignored: { type: "boolean", description: globText.ignored },
      },
      required: ["pattern"],
      additionalProperties: false,
    },
    readOnly: true,
    run: (value, context) => {
      const input = value as unknown as GlobInput;
      return answering({ path: input.path ?? ".", context }, () =>
        find(input, { scope: scope(context), context }),
      );
    },
  });
}

async function find(
  { pattern, path = ".", limit = 200, ignored = false }: GlobInput,
  { scope, context }: { readonly scope: Scope; readonly context: ToolContext },
): Promise<ToolReturn> {
  const { base, matches, lastNames = [] } = compileGlob(pattern);
  const start = base.startsWith("/") ? base : join(path, base);
  if ((await locate(start, scope)).missing.length > 0) return noneFor(pattern);
  const folder = await openFolder(start, scope);
  try {
    // ripgrep leaves out most of what cannot match. By a type, because its globs would override .gitignore.
    const args = lastNames.flatMap((name) => ["--type-add", `wanted:${name}`]);
    if (args.length > 0) args.push("--type=wanted");
    const { paths, problems } = await listFiles(folder, { ignored, signal: context.signal, args });
    const found = paths.filter((name) => matches(name)).sort();
    if (found.length === 0) return noneFor(pattern);
    const home = (await locate(".", scope)).real;
    const prefix = show(folder.real, home);
    const shown = await confirmNames(folder, found.slice(0, limit));
    const lines = shown.map((name) => printName(prefix === "." ? name : join(prefix, name)));
    if (found.length > limit)
      lines.push(`(${limit} of ${found.length} files: narrow the pattern, or raise limit)`);
    if (problems.length > 0) lines.push(`(${problems.length} directories could not be read)`);
    return lines.join("\n");
  } finally {
    await folder.close();
  }
}

function noneFor(pattern: string): string {
  const hint = pattern.includes("/") ? "" : ` To look in every folder: **/${pattern}`;
  return `No files match ${pattern}.${hint}`;
}
