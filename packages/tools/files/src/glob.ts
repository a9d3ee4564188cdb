import { join } from "node:path";
import { defineTool, type Tool, type ToolContext, type ToolReturn, toolError } from "@agentwerk/core";
import picomatch from "picomatch";
import { answering } from "./confine/answering.ts";
import { openFolder } from "./confine/open-inside.ts";
import { locate, type Scope, show } from "./confine/place.ts";
import { type FileToolOptions, scopeOf } from "./file-tool-options.ts";
import { globText } from "./glob.text.ts";
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
  const { base, rest } = splitPattern(pattern);
  const isMatch = compile(rest);
  if (isMatch === undefined) return toolError(`${pattern} is not a pattern that can be read.`);
  const start = base.startsWith("/") ? base : join(path, base);
  if ((await locate(start, scope)).missing.length > 0) return noneFor(pattern);
  const folder = await openFolder(start, scope);
  try {
    const { paths, problems } = await listFiles(folder, { ignored, signal: context.signal });
    const found = paths.filter((name) => isMatch(name)).sort();
    if (found.length === 0) return noneFor(pattern);
    const home = (await locate(".", scope)).real;
    const prefix = show(folder.real, home);
    const lines = found.slice(0, limit).map((name) => printName(prefix === "." ? name : join(prefix, name)));
    if (found.length > limit)
      lines.push(`(${limit} of ${found.length} files: narrow the pattern, or raise limit)`);
    if (problems.length > 0) lines.push(`(${problems.length} directories could not be read)`);
    return lines.join("\n");
  } finally {
    await folder.close();
  }
}

/** The part before the first wildcard is a folder to start from: less to walk. */
function splitPattern(pattern: string): { readonly base: string; readonly rest: string } {
  const { base, glob: rest, isGlob, negated } = picomatch.scan(pattern);
  if (isGlob && !negated) return { base, rest };
  const cut = pattern.lastIndexOf("/");
  return negated || cut === -1
    ? { base: "", rest: pattern }
    : { base: pattern.slice(0, cut) || "/", rest: pattern.slice(cut + 1) };
}

function compile(pattern: string): ((path: string) => boolean) | undefined {
  try {
    return picomatch(pattern, { dot: true });
  } catch {
    return undefined;
  }
}

function noneFor(pattern: string): string {
  const hint = pattern.includes("/") ? "" : ` To look in every folder: **/${pattern}`;
  return `No files match ${pattern}.${hint}`;
}
