import { join } from "node:path";
import { descriptors, type OpenFile, openFile } from "../confine/open-inside.ts";
import type { FileMatches, FoundLine, GrepAnswer, GrepRequest } from "./grep-request.ts";
import { ignoreArguments, notGit } from "./ignore-rules.ts";
import { splitNames } from "./list-files.ts";
import { isAboutOneFile, ripgrep } from "./ripgrep.ts";
import { longestFoundLine, shortenLine } from "./shorten-line.ts";

/** Files that are held open for one run of ripgrep. */
const batchSize = 100;

/**
 * Searches with ripgrep in two passes: all files with their number of matches, on all cores; then those that are
 * shown, the first by path. So the answer is sorted and complete in its numbers without holding every line. And as
 * ripgrep walks by paths, which may have become links to elsewhere, its first pass only proposes: the second reads
 * files that were opened inside the scope, and the answer says nothing of a file but what that pass found.
 */
export async function grepText(request: GrepRequest): Promise<GrepAnswer> {
  const { files, problems } = await findFiles(request);
  const wanted = firstFiles(files, request);
  const shown: FoundFile[] = [];
  for (let start = 0; start < wanted.length; start += batchSize) {
    shown.push(...(await searchOpened(wanted.slice(start, start + batchSize), request)));
  }
  const confirmed = shown.map((file) => ({ name: file.name, count: countOf(file, { files, request }) }));
  return { files: [...confirmed, ...files.slice(wanted.length)], shown, problems, isPartial: false };
}

/** Lines are counted; a file whose lines were cut at the limit has its number from the first pass. */
function countOf(
  { name, count, lines }: FoundFile,
  { files, request }: { readonly files: readonly FileMatches[]; readonly request: GrepRequest },
): number | undefined {
  if (request.mode !== "content") return count;
  const matching = lines.filter(({ isMatch }) => isMatch).length;
  if (matching < request.limit) return matching;
  return Math.max(matching, files.find((file) => file.name === name)?.count ?? 0);
}

interface FoundFile extends FileMatches {
  readonly lines: readonly FoundLine[];
}

async function findFiles(
  request: GrepRequest,
): Promise<{ readonly files: readonly FileMatches[]; readonly problems: readonly string[] }> {
  const isCounting = request.mode !== "files";
  const { stdout, isCut, problems } = await ripgrep({
    args: [
      ...patternArguments(request),
      ...(await selectionArguments(request)),
      isCounting ? "--count" : "--files-with-matches",
      "--with-filename",
      "--null",
      "--",
      request.file === undefined ? "./" : `./${request.file}`,
    ],
    cwd: request.folder.cwd,
    signal: request.signal,
  });
  const found = isCounting
    ? parseCounts(stdout)
    : splitNames({ stdout, isCut }).map((name) => ({ name, count: undefined }));
  const files = found.map(({ name, count }) => ({ name: name.replace(/^\.\//, ""), count }));
  files.sort((one, other) => (one.name < other.name ? -1 : 1));
  return { files, problems: withoutNames(problems) };
}

/** The walk may have gone through a link that was swapped in: what it says of single files would tell names from elsewhere. */
function withoutNames(problems: readonly string[]): readonly string[] {
  const others = problems.filter((problem) => !isAboutOneFile(problem));
  const unread = problems.length - others.length;
  return unread === 0 ? others : [...others, `${unread} files or directories could not be searched`];
}

function firstFiles(files: readonly FileMatches[], { mode, limit }: GrepRequest): readonly string[] {
  const names: string[] = [];
  let used = 0;
  for (const { name, count = 1 } of files) {
    if (used >= limit) break;
    names.push(name);
    used += mode === "content" ? count : 1;
  }
  return names;
}

/** Searches these files as they are opened, not as their paths lead. */
async function searchOpened(names: readonly string[], request: GrepRequest): Promise<readonly FoundFile[]> {
  const opened = await openAll(names, request);
  try {
    const nameOf = new Map(opened.map((file) => [pathOf(file.file), file.name]));
    if (nameOf.size === 0) return [];
    const { stdout } = await ripgrep({
      args: [...patternArguments(request), ...showArguments(request), "--", ...nameOf.keys()],
      cwd: request.folder.cwd,
      signal: request.signal,
      maxBytes: 16_777_216,
    });
    const found = request.mode === "content" ? groupLines(stdout) : namedCounts(stdout, request.mode);
    return opened.flatMap(({ name, file }) => {
      const matches = found.get(pathOf(file));
      return matches === undefined ? [] : [{ name, ...matches }];
    });
  } finally {
    await Promise.all(opened.map(({ file }) => file.handle.close()));
  }
}

interface OpenedFile {
  readonly name: string;
  readonly file: OpenFile;
}

/** A file that cannot be opened, or only through a link, is not one that was found. */
async function openAll(
  names: readonly string[],
  { folder, scope }: GrepRequest,
): Promise<readonly OpenedFile[]> {
  const opened: OpenedFile[] = [];
  for (const name of names) {
    const path = join(folder.real, name);
    const file = await openFile(path, scope).catch(() => undefined);
    if (file?.place.real === path) opened.push({ name, file });
    else await file?.handle.close();
  }
  return opened;
}

function pathOf({ handle, place }: OpenFile): string {
  return descriptors.usable ? `/proc/${process.pid}/fd/${handle.fd}` : place.real;
}

function showArguments({ mode, context, limit, multiline }: GrepRequest): readonly string[] {
  const always = ["--with-filename", "--null"];
  if (mode === "files") return [...always, "--files-with-matches"];
  if (mode === "count") return [...always, "--count"];
  return [
    ...always,
    "--no-heading",
    "--line-number",
    // A file that was found as text is read as such, also when NUL characters follow.
    "--text",
    // Bytes, of which a character has up to four.
    `--max-columns=${longestFoundLine * 4}`,
    "--max-columns-preview",
    `--context=${context}`,
    "--no-context-separator",
    ...(multiline ? [] : [`--max-count=${limit}`]),
  ];
}

type Matches = Omit<FoundFile, "name">;

function namedCounts(stdout: Buffer, mode: "count" | "files"): ReadonlyMap<string, Matches> {
  const found =
    mode === "count"
      ? parseCounts(stdout)
      : splitNames({ stdout, isCut: false }).map((name) => ({ name, count: undefined }));
  return new Map(found.map(({ name, count }) => [name, { count, lines: [] }]));
}

/** `path NUL count LF`, where a path may hold line ends itself. */
function parseCounts(stdout: Buffer): { name: string; count: number }[] {
  const found: { name: string; count: number }[] = [];
  const [first = "", ...parts] = stdout.toString("utf8").split("\0");
  let name = first;
  for (const part of parts) {
    const end = part.indexOf("\n");
    found.push({ name, count: Number(part.slice(0, end)) });
    name = part.slice(end + 1);
  }
  return found;
}

/** `path NUL number (: or -) text LF`. */
function groupLines(stdout: Buffer): ReadonlyMap<string, Matches> {
  const files = new Map<string, FoundLine[]>();
  const text = stdout.toString("utf8");
  let start = 0;
  while (start < text.length) {
    const nameEnd = text.indexOf("\0", start);
    const end = text.indexOf("\n", nameEnd);
    if (nameEnd === -1 || end === -1) break;
    const parsed = /^(\d+)([:-])(.*)$/s.exec(text.slice(nameEnd + 1, end));
    if (parsed !== null) {
      const name = text.slice(start, nameEnd);
      const lines = files.get(name) ?? [];
      files.set(name, lines);
      lines.push({
        number: Number(parsed[1]),
        text: shortenLine(parsed[3] ?? ""),
        isMatch: parsed[2] === ":",
      });
    }
    start = end + 1;
  }
  return new Map([...files].map(([name, lines]) => [name, { lines, count: undefined }]));
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
