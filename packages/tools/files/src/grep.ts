import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { defineTool, type Tool, type ToolContext, type ToolReturn } from "@agentwerk/core";
import { answering } from "./confine/answering.ts";
import { FileProblem } from "./confine/file-problem.ts";
import { openFile, openFolder } from "./confine/open-inside.ts";
import { locate, type Scope, show } from "./confine/place.ts";
import { suggestPath } from "./confine/suggest-path.ts";
import { type FileToolOptions, scopeOf } from "./file-tool-options.ts";
import { grepText as text } from "./grep.text.ts";
import { formatGrep } from "./search/format-grep.ts";
import { grepCode } from "./search/grep-code.ts";
import type { GrepRequest } from "./search/grep-request.ts";
import { grepText } from "./search/grep-text.ts";

export type GrepOptions = FileToolOptions;

interface GrepInput {
  readonly pattern: string;
  readonly path?: string;
  readonly syntax?: "regex" | "literal" | "code";
  readonly mode?: "content" | "files" | "count";
  readonly glob?: string;
  readonly ignore_case?: boolean;
  readonly multiline?: boolean;
  readonly context?: number;
  readonly limit?: number;
  readonly ignored?: boolean;
}

/** The tool `grep`. */
export function grep(options: GrepOptions = {}): Tool {
  const scope = scopeOf(options);
  return defineTool({
    name: "grep",
    description: text.description,
    input: {
      type: "object",
      properties: {
        pattern: { type: "string", minLength: 1, maxLength: 10_000, description: text.pattern },
        path: { type: "string", description: text.path },
        syntax: { type: "string", enum: ["regex", "literal", "code"], description: text.syntax },
        mode: { type: "string", enum: ["content", "files", "count"], description: text.mode },
        glob: { type: "string", description: text.glob },
        ignore_case: { type: "boolean", description: text.ignoreCase },
        multiline: { type: "boolean", description: text.multiline },
        context: { type: "integer", minimum: 0, maximum: 20, description: text.context },
        limit: { type: "integer", minimum: 1, maximum: 1_000, description: text.limit },
        ignored: { type: "boolean", description: text.ignored },
      },
      required: ["pattern"],
      additionalProperties: false,
    },
    readOnly: true,
    run: (value, context) => {
      const input = value as unknown as GrepInput;
      return answering({ path: input.path ?? ".", context }, () =>
        search(input, { scope: scope(context), context }),
      );
    },
  });
}

async function search(
  input: GrepInput,
  { scope, context }: { readonly scope: Scope; readonly context: ToolContext },
): Promise<ToolReturn> {
  const { path = ".", mode = "content", limit = 100, syntax = "regex" } = input;
  if (input.pattern.includes("\0")) throw new FileProblem("The pattern holds a NUL character.");
  const file = await fileOf(path, scope, context.signal);
  const folder = await openFolder(file === undefined ? path : dirname(file), scope);
  try {
    const request: GrepRequest = {
      pattern: input.pattern,
      mode,
      limit,
      globs: input.glob === undefined ? [] : [input.glob],
      ignoreCase: input.ignore_case ?? false,
      context: input.context ?? 0,
      ignored: input.ignored ?? false,
      literal: syntax === "literal",
      multiline: input.multiline ?? false,
      signal: context.signal,
      folder,
      file: file === undefined ? undefined : basename(file),
      scope,
    };
    const answer = syntax === "code" ? await grepCode(request) : await grepText(request);
    const home = (await locate(".", scope)).real;
    return formatGrep(answer, { mode, limit, toPath: (name) => show(join(folder.real, name), home) });
  } finally {
    await folder.close();
  }
}

/** The real path of the one file that is meant; undefined when `path` is a directory. */
async function fileOf(path: string, scope: Scope, signal: AbortSignal): Promise<string | undefined> {
  const place = await locate(path, scope);
  if (place.missing.length > 0) {
    throw new FileProblem(`${place.shown} does not exist.${await suggestPath(path, scope, signal)}`);
  }
  if ((await stat(place.real)).isDirectory()) return undefined;
  const opened = await openFile(path, scope);
  await opened.handle.close();
  return opened.place.real;
}
