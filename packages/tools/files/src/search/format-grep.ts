import { printName } from "../text/print-name.ts";
import type { FoundLine, GrepAnswer, GrepRequest } from "./grep-request.ts";

/** Below the 30,000 characters at which the loop would cut the middle out. */
const longestAnswer = 28_000;

/** A search's answer as the model reads it. `toPath` turns a name into the path to show. */
export function formatGrep(
  answer: GrepAnswer,
  {
    mode,
    limit,
    toPath,
  }: Pick<GrepRequest, "mode" | "limit"> & { readonly toPath: (name: string) => string },
): string {
  const notes = [...answer.problems.slice(0, 3)];
  if (answer.problems.length > 3) notes.push(`${answer.problems.length - 3} further problems`);
  const path = (name: string): string => printName(toPath(name));
  const lines =
    mode === "content" ? contentLines(answer, { limit, path }) : fileLines(answer, { mode, limit, path });
  if (lines.length === 0) lines.push(answer.isPartial ? "No matches so far." : "No matches.");
  return [...lines, ...notes.map((note) => `(${note})`)].join("\n");
}

function fileLines(
  { files, isPartial }: GrepAnswer,
  { mode, limit, path }: Pick<GrepRequest, "mode" | "limit"> & { readonly path: (name: string) => string },
): string[] {
  const shown = files
    .slice(0, limit)
    .map(({ name, count }) => (mode === "count" ? `${path(name)}:${count}` : path(name)));
  if (files.length > limit)
    shown.push(`(${limit} of ${files.length} files: narrow the search, or raise limit)`);
  else if (isPartial)
    shown.push(`(the first ${files.length} files; there may be more: narrow the search, or raise limit)`);
  if (mode === "count" && files.length > 1) shown.push(`(${total(files)} in ${files.length} files)`);
  return shown;
}

function contentLines(
  { files, shown, isPartial }: GrepAnswer,
  { limit, path }: { readonly limit: number; readonly path: (name: string) => string },
): string[] {
  const lines: string[] = [];
  const room: Room = { matches: limit, characters: longestAnswer };
  for (const { name, lines: found } of shown) {
    if (room.matches === 0 || room.characters <= 0) break;
    if (lines.length > 0) lines.push("");
    lines.push(path(name), ...fileContent(found, room));
  }
  const matches = limit - room.matches;
  const all = total(files);
  if (matches < all && matches > 0) {
    const of = isPartial ? `more than ${matches}` : `${all} in ${files.length} files`;
    lines.push("", `(the first ${matches} matching lines of ${of}: narrow the search, or raise limit)`);
  } else if (isPartial) {
    lines.push("", "(there may be more: narrow the search, or raise limit)");
  }
  return lines;
}

/** What may still be shown. */
interface Room {
  matches: number;
  characters: number;
}

function fileContent(found: readonly FoundLine[], room: Room): readonly string[] {
  const lines: string[] = [];
  const isSpaced = hasContext(found);
  let before: number | undefined;
  for (const { number, text, isMatch } of found) {
    if ((isMatch && room.matches === 0) || room.characters <= 0) break;
    if (isSpaced && before !== undefined && number > before + 1) lines.push("--");
    const line = `${number}${isMatch ? ":" : "-"}${text}`;
    lines.push(line);
    room.characters -= line.length + 1;
    if (isMatch) room.matches -= 1;
    before = number;
  }
  return lines;
}

function hasContext(lines: readonly FoundLine[]): boolean {
  return lines.some(({ isMatch }) => !isMatch);
}

function total(files: GrepAnswer["files"]): number {
  return files.reduce((sum, { count = 1 }) => sum + count, 0);
}
