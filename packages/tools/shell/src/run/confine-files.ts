import { lstat, realpath } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import type { RedirectedFile } from "../syntax/compiled-command.ts";

/** The first file that leads out of the directory once links are resolved; undefined when none does. */
export async function findOutside(
  dir: string,
  files: readonly RedirectedFile[],
): Promise<string | undefined> {
  if (files.length === 0) return undefined;
  const root = await realpath(dir);
  for (const { path } of files) {
    const real = await realpathOfNearest(resolve(dir, path));
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) return path;
  }
  return undefined;
}

/** A file that is not there yet counts as where its nearest directory is. */
async function realpathOfNearest(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    // A link that leads nowhere yet would be followed by the shell.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || (await isLink(path)) || parent === path)
      return sep;
    return await realpathOfNearest(parent);
  }
}

async function isLink(path: string): Promise<boolean> {
  return await lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}
