import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The folder of the git repository that `folder` belongs to; undefined outside of one. */
export async function findRepository(folder: string): Promise<string | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    try {
      await lstat(join(current, ".git"));
      return current;
    } catch {
      if (current === dirname(current)) return undefined;
    }
  }
}

/**
 * ripgrep's arguments for what is left out: what `.gitignore` files name, of the whole repository or, outside of one,
 * from the searched folder down; never the machine's own settings, so that the answer is the same everywhere.
 */
export async function ignoreArguments(
  folder: string,
  { ignored }: { readonly ignored: boolean },
): Promise<readonly string[]> {
  const always = ["--hidden", "--no-ignore-dot", "--no-ignore-global"];
  if (ignored) return [...always, "--no-ignore"];
  const repository = await findRepository(folder);
  return repository === undefined ? [...always, "--no-require-git", "--no-ignore-parent"] : always;
}

/** Leaves out git's own files; has to come after every other glob, because the last one decides. */
export const notGit: readonly string[] = ["--glob", "!.git"];
