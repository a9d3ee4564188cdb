import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { type OpenFolder, openChild } from "./open-inside.ts";

/**
 * Those of `names`, paths from an open folder, that are regular files reached without links. What walked the tree by
 * paths may have gone through a link that was swapped in; here every folder is opened from the one above.
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
  for (const [parent, group] of folders) {
    await withChild(folder, parent === "." ? [] : parent.split("/"), async (opened) => {
      for (const name of group)
        if (await isFile(opened.at(name.slice(name.lastIndexOf("/") + 1)))) confirmed.add(name);
    });
  }
  return names.filter((name) => confirmed.has(name));
}

async function withChild(
  folder: OpenFolder,
  [first, ...rest]: readonly string[],
  use: (opened: OpenFolder) => Promise<void>,
): Promise<void> {
  if (first === undefined) return use(folder);
  const child = await openChild(folder, first).catch(() => undefined);
  if (child === undefined) return;
  try {
    await withChild(child, rest, use);
  } finally {
    await child.close();
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch {
    return false;
  }
}
