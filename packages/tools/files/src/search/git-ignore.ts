import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type IgnoreFile, parseIgnoreFile } from "./ignore-file.ts";
import { findRepository } from "./ignore-rules.ts";

/** The rules of `.gitignore` files, from a repository's folder down to one folder. */
export interface IgnoreRules {
  /** Whether an entry of the folder is left out. */
  ignores(name: string, isDirectory: boolean): boolean;
  /** The rules for a folder within. `file` is the path by which its own `.gitignore` is reached. */
  within(name: string, file: string): Promise<IgnoreRules>;
}

interface Level {
  readonly folder: string;
  readonly rules: IgnoreFile;
}

const largestFile = 1_048_576;

/** As ripgrep and git read them; a listed folder that is itself left out is shown whole. */
export async function readIgnoreRules(folder: string): Promise<IgnoreRules> {
  const top = (await findRepository(folder)) ?? folder;
  const levels: Level[] = [];
  await addLevel(levels, { folder: top, file: join(top, ".git/info/exclude") });
  let current = top;
  await addLevel(levels, { folder: current, file: join(current, ".gitignore") });
  for (const name of relative(top, folder).split(sep).filter(Boolean)) {
    if (isIgnored(levels, { path: join(current, name), isDirectory: true })) return nothingIgnored;
    current = join(current, name);
    await addLevel(levels, { folder: current, file: join(current, ".gitignore") });
  }
  return rulesOf(current, levels);
}

const nothingIgnored: IgnoreRules = {
  ignores: (name) => name === ".git",
  within: async () => nothingIgnored,
};

/** Rules that leave out nothing but git's own folder. */
export const noIgnoreRules: IgnoreRules = nothingIgnored;

function rulesOf(folder: string, levels: readonly Level[]): IgnoreRules {
  return {
    ignores: (name, isDirectory) =>
      name === ".git" || isIgnored(levels, { path: join(folder, name), isDirectory }),
    async within(name, file) {
      const deeper = [...levels];
      await addLevel(deeper, { folder: join(folder, name), file });
      return rulesOf(join(folder, name), deeper);
    },
  };
}

/** The deepest file that says anything about a path decides. */
function isIgnored(
  levels: readonly Level[],
  { path, isDirectory }: { readonly path: string; readonly isDirectory: boolean },
): boolean {
  for (const { folder, rules } of levels.toReversed()) {
    const decision = rules.decide(relative(folder, path).split(sep), isDirectory);
    if (decision !== undefined) return decision === "ignored";
  }
  return false;
}

async function addLevel(
  levels: Level[],
  { folder, file }: { readonly folder: string; readonly file: string },
): Promise<void> {
  const text = await readSmallFile(file);
  if (text !== undefined) levels.push({ folder, rules: parseIgnoreFile(text) });
}

/** A `.gitignore` can be anything: a pipe or a link to somewhere else is not read. */
async function readSmallFile(path: string): Promise<string | undefined> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size > largestFile) return undefined;
      return await handle.readFile("utf8");
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}
