import { compilePath } from "./glob-pattern.ts";

/** The rules of one `.gitignore` file. */
export interface IgnoreFile {
  /** Whether they leave out a path from the file's folder, or let it in; undefined when they say nothing of it. */
  decide(names: readonly string[], isDirectory: boolean): "ignored" | "included" | undefined;
}

interface Rule {
  readonly isIncluding: boolean;
  readonly isForDirectories: boolean;
  matches(names: readonly string[]): boolean;
}

/** Reads a file by the rules of https://git-scm.com/docs/gitignore, in bounded time whatever it holds. */
export function parseIgnoreFile(text: string): IgnoreFile {
  const rules = text
    .split(/\r?\n/)
    .map(toRule)
    .filter((rule) => rule !== undefined);
  return {
    decide(names, isDirectory) {
      // The last rule that matches decides.
      const rule = rules.findLast(
        ({ isForDirectories, matches }) => (isDirectory || !isForDirectories) && matches(names),
      );
      if (rule === undefined) return undefined;
      return rule.isIncluding ? "included" : "ignored";
    },
  };
}

function toRule(line: string): Rule | undefined {
  if (line.startsWith("#")) return undefined;
  const isIncluding = line.startsWith("!");
  const written = withoutTrailingSpaces(isIncluding ? line.slice(1) : line);
  const isForDirectories = written.endsWith("/");
  const pattern = isForDirectories ? written.slice(0, -1) : written;
  if (pattern === "" || pattern === "/") return undefined;
  // With a slash, at the beginning or within, a pattern is bound to the file's folder.
  const path = pattern.includes("/") ? pattern.replace(/^\//, "") : `**/${pattern}`;
  // What ends in two stars is what is within, not the folder itself.
  return {
    isIncluding,
    isForDirectories,
    matches: compilePath(/(^|\/)\*\*$/.test(path) ? `${path}/*` : path),
  };
}

/** A space at the end counts only behind a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (line[end - 1] === " " && line[end - 2] !== "\\") end -= 1;
  return line.slice(0, end);
}
