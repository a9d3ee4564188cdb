import { join } from "node:path";
import { openFile } from "../confine/open-inside.ts";
import type { Scope } from "../confine/place.ts";
import { printName } from "../text/print-name.ts";
import { wholeBytes } from "../text/scan-file.ts";
import { splitLines } from "../text/split-lines.ts";
import type { FileMatches, FoundLine, GrepAnswer, GrepRequest } from "./grep-request.ts";
import { ignoreArguments, notGit } from "./ignore-rules.ts";
import { splitNames } from "./list-files.ts";
import { readSource } from "./read-source.ts";
import { ripgrep } from "./ripgrep.ts";
import { longestFoundLine, shortenLine } from "./shorten-line.ts";

/**
 * Searches with ripgrep in two passes: all files with their number of matches, on all cores; then the lines of the
 * first files by path, as many as are shown. So the answer is sorted and complete in its numbers without holding
 * every line, and the same each time.
 */
export async function grepText(request: GrepRequest): Promise<GrepAnswer> {
  const { files, problems } = await findFiles(request);
  if (request.mode !== "content") return { files, shown: [], problems, isPartial: false };
  const wanted = firstFiles(files, request.limit);
  const found = wanted.length === 0 ? new Map<string, FoundLine[]>() : await readMatches(wanted, request);
  const shown: { name: string; lines: readonly FoundLine[] }[] = [];
  const changed: string[] = [];
  for (const name of wanted) {
    const lines = found.get(name) ?? [];
    if (lines.length > 0 && (await stillReads(name, lines, request))) shown.push({ name, lines });
    else changed.push(`${printName(name)} was changed while it was searched`);
  }
  return { files, shown, problems: [...problems, ...changed], isPartial: false };
}

/**
 * ripgrep opens files by their paths, which may have become links to elsewhere. So no line is shown that does not
 * stand in the file that is opened anew from inside the scope; of very large files, those that are no links.
 */
async function stillReads(
  name: string,
  lines: readonly FoundLine[],
  { folder, scope, signal }: GrepRequest,
): Promise<boolean> {
  const source = await readSource(name, { folder: folder.real, scope, signal, maxBytes: wholeBytes });
  if (source === undefined) return isUnlinked(join(folder.real, name), scope);
  const standing = splitLines(source);
  return lines.every(({ number, text }) => shortenLine(standing[number - 1] ?? "") === text);
}

async function isUnlinked(path: string, scope: Scope): Promise<boolean> {
  try {
    const { handle, place } = await openFile(path, scope);
    const { size } = await handle.stat();
    await handle.close();
    return place.real === path && size > wholeBytes;
  } catch {
    return false;
  }
}

async function findFiles(
  request: GrepRequest,
): Promise<{ readonly files: readonly FileMatches[]; readonly problems: readonly string[] }> {
  const isCounting = request.mode !== "files";
  const { stdout, isCut, problems } = await ripgrep({
    args: [
      ...patternArguments(request),
      ...(await selectionArguments(request)),
      ...(isCounting ? ["--count", "--with-filename"] : ["--files-with-matches"]),
      "--null",
      "--",
      request.file === undefined ? "./" : `./${request.file}`,
    ],
    cwd: request.folder.cwd,
    signal: request.signal,
  });
  const found = isCounting
    ? splitCounts(stdout)
    : splitNames({ stdout, isCut }).map((name) => ({ name, count: undefined }));
  const files = found.map(({ name, count }) => ({ name: name.replace(/^\.\//, ""), count }));
  files.sort((one, other) => (one.name < other.name ? -1 : 1));
  return { files, problems };
}

/** `path NUL count LF`, where a path may hold line ends itself. */
function splitCounts(stdout: Buffer): { name: string; count: number }[] {
  const found: { name: string; count: number }[] = [];
  const parts = stdout.toString("utf8").split("\0");
  let name = parts[0] ?? "";
  for (const part of parts.slice(1)) {
    const end = part.indexOf("\n");
    found.push({ name, count: Number(part.slice(0, end)) });
    name = part.slice(end + 1);
  }
  return found;
}

function firstFiles(files: readonly FileMatches[], limit: number): readonly string[] {
  const names: string[] = [];
  let matches = 0;
  for (const { name, count = 1 } of files) {
    if (matches >= limit) break;
    names.push(name);
    matches += count;
  }
  return names;
}

async function readMatches(
  names: readonly string[],
  request: GrepRequest,
): Promise<ReadonlyMap<string, FoundLine[]>> {
  const { stdout } = await ripgrep({
    args: [
      ...patternArguments(request),
      "--no-heading",
      "--with-filename",
      "--line-number",
      "--null",
      // A file that was found as text is read as such, also when NUL characters follow.
      "--text",
      // Bytes, of which a character has up to four.
      `--max-columns=${longestFoundLine * 4}`,
      "--max-columns-preview",
      `--context=${request.context}`,
      "--no-context-separator",
      ...(request.multiline ? [] : [`--max-count=${request.limit}`]),
      "--",
      ...names.map((name) => `./${name}`),
    ],
    cwd: request.folder.cwd,
    signal: request.signal,
    maxBytes: 16_777_216,
  });
  return parseLines(stdout);
}

/** `path NUL number (: or -) text LF`. */
function parseLines(stdout: Buffer): ReadonlyMap<string, FoundLine[]> {
  const files = new Map<string, FoundLine[]>();
  const text = stdout.toString("utf8");
  let start = 0;
  while (start < text.length) {
    const nameEnd = text.indexOf("\0", start);
    if (nameEnd === -1) break;
    const end = text.indexOf("\n", nameEnd);
    const line = text.slice(nameEnd + 1, end === -1 ? text.length : end);
    const parsed = /^(\d+)([:-])(.*)$/s.exec(line);
    if (parsed !== null) {
      const name = text.slice(start, nameEnd).replace(/^\.\//, "");
      const found = files.get(name) ?? [];
      files.set(name, found);
      found.push({
        number: Number(parsed[1]),
        text: shortenLine(parsed[3] ?? ""),
        isMatch: parsed[2] === ":",
      });
    }
    if (end === -1) break;
    start = end + 1;
  }
  return files;
}

function patternArguments(request: GrepRequest): readonly string[] {
  return [
    ...(request.literal ? ["--fixed-strings"] : []),
    ...(request.ignoreCase ? ["--ignore-case"] : ["--case-sensitive"]),
    ...(request.multiline ? ["--multiline", "--multiline-dotall"] : []),
    `--regexp=${request.pattern}`,
  ];
}

async function selectionArguments({ folder, globs, ignored }: GrepRequest): Promise<readonly string[]> {
  const rules = await ignoreArguments(folder.real, { ignored });
  return [...rules, ...globs.flatMap((glob) => ["--glob", glob]), ...notGit];
}
