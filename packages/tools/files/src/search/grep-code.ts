import { extname } from "node:path";
import { AgentwerkError } from "@agentwerk/core";
import type { SgNode } from "@ast-grep/napi";
import { FileProblem } from "../confine/file-problem.ts";
import { splitLines } from "../text/split-lines.ts";
import type { FileMatches, FoundLine, GrepAnswer, GrepRequest } from "./grep-request.ts";
import { ignoreArguments, notGit } from "./ignore-rules.ts";
import { listFiles, splitNames } from "./list-files.ts";
import { readSource } from "./read-source.ts";
import { ripgrep } from "./ripgrep.ts";
import { shortenLine } from "./shorten-line.ts";

/** The languages that come with ast-grep's package, by the endings of their files. */
const languages: Readonly<Record<string, string>> = {
  ".ts": "TypeScript",
  ".mts": "TypeScript",
  ".cts": "TypeScript",
  ".tsx": "Tsx",
  ".js": "JavaScript",
  ".mjs": "JavaScript",
  ".cjs": "JavaScript",
  ".jsx": "JavaScript",
  ".html": "Html",
  ".htm": "Html",
  ".css": "Css",
};

/** Larger files are generated; to parse them takes seconds. 2 MiB. */
const largestSource = 2_097_152;

/** Finds code by its shape with ast-grep, file by file in the order of their paths, until the limit is reached. */
export async function grepCode(request: GrepRequest): Promise<GrepAnswer> {
  const { parseAsync } = await loadAstGrep();
  const candidates = await findCandidates(request);
  const files: FileMatches[] = [];
  const shown: { name: string; lines: readonly FoundLine[] }[] = [];
  let skipped = 0;
  let matches = 0;
  let refusal: Error | undefined;
  let understood = false;
  for (const name of candidates) {
    request.signal.throwIfAborted();
    if (request.mode !== "count" && isEnough(request, { matches, files: files.length })) {
      return { files, shown, problems: problemsOf(skipped), isPartial: true };
    }
    const language = languages[extname(name).toLowerCase()];
    const { folder, scope, signal } = request;
    const source = await readSource(name, { folder: folder.real, scope, signal, maxBytes: largestSource });
    if (source === undefined || language === undefined) {
      skipped += 1;
      continue;
    }
    const tree = await parseAsync(language, source);
    let nodes: readonly SgNode[];
    try {
      nodes = tree.root().findAll(request.pattern);
      understood = true;
    } catch (error) {
      // A pattern may be code in one language and none in another.
      refusal = error instanceof Error ? error : new Error(String(error));
      continue;
    }
    if (nodes.length === 0) continue;
    matches += nodes.length;
    files.push({ name, count: nodes.length });
    if (request.mode === "content") shown.push({ name, lines: toLines(nodes, source, request.context) });
  }
  if (!understood && refusal !== undefined)
    throw new FileProblem(`The pattern is not code: ${refusal.message}`);
  return { files, shown, problems: problemsOf(skipped), isPartial: false };
}

function isEnough(
  { mode, limit }: GrepRequest,
  found: { readonly matches: number; readonly files: number },
): boolean {
  return (mode === "content" ? found.matches : found.files) >= limit;
}

function problemsOf(skipped: number): readonly string[] {
  return skipped === 0 ? [] : [`${skipped} files were too large or could not be read`];
}

/** Only files that hold the pattern's longest word have to be parsed. */
async function findCandidates(request: GrepRequest): Promise<readonly string[]> {
  if (request.file !== undefined) {
    if (languages[extname(request.file).toLowerCase()] !== undefined) return [request.file];
    throw new FileProblem(`syntax code knows files that end in ${Object.keys(languages).join(", ")} only.`);
  }
  const { folder, signal, ignored, globs } = request;
  const types = Object.keys(languages).flatMap((ending) => ["--type-add", `structural:*${ending}`]);
  const selection = [...types, "--type=structural", ...globs.flatMap((glob) => ["--glob", glob])];
  const word = longestWord(request.pattern);
  if (word === undefined)
    return [...(await listFiles(folder, { ignored, signal, args: selection })).paths].sort();
  const rules = await ignoreArguments(folder.real, { ignored });
  const output = await ripgrep({
    args: [
      "--files-with-matches",
      "--fixed-strings",
      "--null",
      ...rules,
      ...selection,
      ...notGit,
      `--regexp=${word}`,
      "./",
    ],
    cwd: folder.cwd,
    signal,
  });
  return splitNames(output)
    .map((name) => name.replace(/^\.\//, ""))
    .sort();
}

/** Placeholders such as `$A` and `$$$REST` stand for anything. */
function longestWord(pattern: string): string | undefined {
  const words = pattern.replaceAll(/\$+\w*/g, " ").match(/[A-Za-z_]\w*/g) ?? [];
  return [...words].sort((one, other) => other.length - one.length)[0];
}

function toLines(nodes: readonly SgNode[], source: string, context: number): readonly FoundLine[] {
  const lines = splitLines(source);
  const matching = new Set<number>();
  const around = new Set<number>();
  for (const node of nodes) {
    const { start, end } = node.range();
    for (let line = start.line; line <= end.line; line++) matching.add(line);
    for (
      let line = Math.max(0, start.line - context);
      line <= Math.min(lines.length - 1, end.line + context);
      line++
    ) {
      around.add(line);
    }
  }
  return [...around]
    .sort((one, other) => one - other)
    .map((line) => ({ number: line + 1, text: shortenLine(lines[line] ?? ""), isMatch: matching.has(line) }));
}

async function loadAstGrep(): Promise<typeof import("@ast-grep/napi")> {
  try {
    return await import("@ast-grep/napi");
  } catch (error) {
    throw new AgentwerkError({
      code: "missing_dependency",
      message: `ast-grep is not installed for ${process.platform}-${process.arch}, so syntax code cannot be used here; regex and literal can.`,
      cause: error,
    });
  }
}
