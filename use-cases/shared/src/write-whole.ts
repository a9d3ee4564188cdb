import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { type FileHandle, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface WholeFile {
  readonly path: string;
  readonly text: string;
}

/** Written under another name beside its place; without a name, it is written in its place at the end. */
interface Staged extends WholeFile {
  readonly temporary: string | undefined;
}

/**
 * Writes files that are there whole or, when one of them cannot be written, stay as they were, all of them. What stands in
 * the place of one is replaced: a link is not followed, since the folder may be one that somebody else filled.
 * @throws Error of the file system.
 */
export async function writeWhole(files: readonly WholeFile[]): Promise<void> {
  const staged: Staged[] = [];
  try {
    for (const file of files) staged.push({ ...file, temporary: await stage(file) });
    for (const file of staged) await place(file);
  } finally {
    for (const { temporary } of staged) if (temporary !== undefined) await rm(temporary, { force: true });
  }
}

async function stage({ path, text }: WholeFile): Promise<string | undefined> {
  const standing = await stat(path).catch(() => undefined);
  // A pipe or a device, such as /dev/stdout.
  if (standing?.isFile() === false) return undefined;
  const temporary = join(dirname(path), `.agentwerk-${randomUUID()}.tmp`);
  const handle = await openNew(temporary, standing);
  if (handle === undefined) return undefined;
  try {
    if (standing !== undefined) await handle.chmod(standing.mode & 0o7777);
    await handle.writeFile(text);
    await handle.datasync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return temporary;
}

/** `undefined` in a folder that one may not write to, where only the file that stands there can be written. */
async function openNew(path: string, standing: Stats | undefined): Promise<FileHandle | undefined> {
  try {
    return await open(path, "wx");
  } catch (error) {
    if (standing !== undefined && hasCode(error, "EACCES", "EPERM")) return undefined;
    throw error;
  }
}

async function place({ path, text, temporary }: Staged): Promise<void> {
  if (temporary === undefined) return writeFile(path, text);
  try {
    await rename(temporary, path);
  } catch (error) {
    // A file that is mounted by itself, as into a container.
    if (!hasCode(error, "EBUSY")) throw error;
    await writeFile(path, text);
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
