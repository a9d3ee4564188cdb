import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { FileProblem, hasCode } from "./file-problem.ts";

/** Where tools may go: the agent's directory and the roots that the user named. */
export interface Scope {
  /** Against which relative paths are read; absolute. */
  readonly dir: string;
  /** Absolute. */
  readonly roots: readonly string[];
}

/** A path after all links: what exists of it, and the names that do not exist yet. */
export interface Place {
  /** Absolute, without links. */
  readonly real: string;
  /** The deepest part of `real` that exists. */
  readonly existing: string;
  /** The names between `existing` and `real`; none when the place exists. */
  readonly missing: readonly string[];
  /** How the path is shown to the model: from `dir` where it is inside. */
  readonly shown: string;
}

/** Bytes. Through an open folder deeper paths can be made than anybody can use by name; Linux takes 4,096. */
const longestPath = 4_000;

/**
 * Resolves what the model wrote, and refuses what is outside the scope.
 * The answer can be out of date at once: who opens it has to check what was opened.
 * @throws FileProblem
 */
export async function locate(path: string, scope: Scope): Promise<Place> {
  if (path.trim() === "") throw new FileProblem("The path is empty.");
  if (path.includes("\0")) throw new FileProblem("The path holds a NUL character.");
  const roots = await realRoots(scope);
  const asked = resolve(scope.dir, path);
  if (Buffer.byteLength(asked) > longestPath) throw new FileProblem("The path is too long.");
  const { existing, missing } = await resolveLinks(asked, path);
  const real = join(existing, ...missing);
  if (!roots.some((root) => isInside(real, root))) {
    const places = roots.map((root) => root || sep).join(", ");
    throw new FileProblem(`${path} is outside of where this tool may go (${places}).`);
  }
  return { real, existing, missing, shown: show(real, roots[0] ?? scope.dir) };
}

/** Whether `path` is `folder` or beneath it; both absolute and without links. */
function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** From `dir` where inside, absolute elsewhere. */
export function show(real: string, dir: string): string {
  return isInside(real, dir) ? relative(dir, real) || "." : real;
}

async function realRoots({ dir, roots }: Scope): Promise<readonly string[]> {
  const real: string[] = [];
  for (const root of [dir, ...roots]) {
    try {
      real.push(await realpath(root));
    } catch {
      // A root that is not there holds nothing; the agent's own directory may still come to be.
      if (root === dir) real.push(resolve(root));
    }
  }
  return real;
}

async function resolveLinks(
  asked: string,
  path: string,
): Promise<{ readonly existing: string; readonly missing: readonly string[] }> {
  const missing: string[] = [];
  let current = asked;
  for (;;) {
    try {
      return { existing: await realpath(current), missing };
    } catch (error) {
      if (!hasCode(error, "ENOENT", "ENOTDIR") || current === dirname(current)) throw error;
      if (await isLink(current)) throw new FileProblem(`${path} goes through a link that leads nowhere.`);
      missing.unshift(basename(current));
      current = dirname(current);
    }
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}
