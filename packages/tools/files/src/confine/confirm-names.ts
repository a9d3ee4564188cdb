import { lstat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type OpenFolder, openFolderAt } from "./open-inside.ts";

const parallel = 16;

/**
 * Those of `names`, paths from an open folder, that are regular files reached without links. What walked the tree by
 * paths may have gone through a link that was swapped in; here every folder is opened and asked where it is.
 */
export async function confirmNames(folder: OpenFolder, names: readonly string[]): Promise<readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const name of names) {
    const parent = dirname(name);
    const group = folders.get(parent) ?? [];
    folders.set(parent, group);
    group.push(name);
  }
  const confirmed = new Set<string>();
  const groups = [...folders];
  for (let start = 0; start < groups.length; start += parallel) {
    await Promise.all(
      groups.slice(start, start + parallel).map(async ([parent, group]) => {
        const opened = await openFolderAt(join(folder.real, parent)).catch(() => undefined);
        if (opened === undefined) return;
        for (const name of group) if (await isFile(opened.at(basename(name)))) confirmed.add(name);
        await opened.close();
      }),
    );
  }
  return names.filter((name) => confirmed.has(name));
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch {
    return false;
  }
}
