import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { access, type FileHandle, link, lstat, open, rename, unlink } from "node:fs/promises";
import { FileProblem, hasCode } from "../confine/file-problem.ts";
import type { OpenFolder } from "../confine/open-inside.ts";
import { hashOf, readBytes } from "../text/text-file.ts";
import { withProcessLock } from "./process-lock.ts";

/** A file as it stands in an open folder. */
export interface Standing {
  readonly bytes: Buffer;
  readonly hash: string;
  readonly stats: Stats;
}

export interface FileTarget {
  readonly folder: OpenFolder;
  readonly name: string;
  /** For messages. */
  readonly shown: string;
  readonly signal: AbortSignal;
}

const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const newFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * What stands at the target; undefined when nothing does.
 * @throws FileProblem for anything but a regular file that may be written.
 */
export async function readStanding({
  folder,
  name,
  shown,
  signal,
}: FileTarget): Promise<Standing | undefined> {
  const path = folder.at(name);
  let kind: Stats;
  try {
    kind = await lstat(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
  if (kind.isDirectory()) throw new FileProblem(`${shown} is a directory.`);
  if (!kind.isFile()) throw new FileProblem(`${shown} is not a regular file.`);
  const handle = await open(path, readFlags);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new FileProblem(`${shown} is not a regular file.`);
    const bytes = await readBytes(handle, { shown, signal });
    return { bytes, hash: hashOf(bytes), stats };
  } finally {
    await handle.close();
  }
}

/**
 * Puts `bytes` at the target in one step: others see the old file or the new one, never a part. Mode and, where the
 * system lets us, owner stay; other names of the same file (hard links), access lists and extended attributes do not.
 * @throws FileProblem when the target is no longer `expected`, and nothing was changed then.
 */
export async function replaceFile(
  target: FileTarget,
  { bytes, expected }: { readonly bytes: Buffer; readonly expected: Standing | undefined },
): Promise<void> {
  const { folder, name, signal } = target;
  // Renaming asks only for leave to write to the folder; a file that is read-only is meant to stay as it is.
  if (expected !== undefined) await access(folder.at(name), constants.W_OK);
  const temporary = folder.at(`.agentwerk-${randomUUID()}.tmp`);
  let isThere = false;
  try {
    const handle = await open(temporary, newFlags, 0o666);
    isThere = true;
    try {
      await handle.writeFile(bytes);
      if (expected !== undefined) await keepOwnerAndMode(handle, expected.stats);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    signal.throwIfAborted();
    if (expected === undefined) {
      await placeNew(temporary, target);
    } else {
      await withProcessLock(target, async () => {
        const standing = await readStanding(target);
        if (standing?.hash !== expected.hash) throw changed(target.shown);
        await rename(temporary, folder.at(name));
        isThere = false;
      });
    }
  } finally {
    if (isThere) await unlink(temporary).catch(() => {});
  }
}

/** Gives the temporary file its name unless that is taken; a rename would overwrite. */
async function placeNew(temporary: string, { folder, name, shown }: FileTarget): Promise<void> {
  try {
    await link(temporary, folder.at(name));
  } catch (error) {
    if (hasCode(error, "EEXIST")) throw changed(shown);
    // File systems without hard links: an empty file of ours holds the name until the rename.
    if (!hasCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EACCES")) throw error;
    const holder = await open(folder.at(name), newFlags, 0o666).catch((reason: unknown) => {
      throw hasCode(reason, "EEXIST") ? changed(shown) : reason;
    });
    await holder.close();
    await rename(temporary, folder.at(name));
  }
}

/** Owner first: changing it clears the set-user-id bits of the mode. */
async function keepOwnerAndMode(handle: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const own = await handle.stat();
  if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid).catch(() => {});
  if (own.mode !== mode) await handle.chmod(mode & 0o7777);
}

function changed(shown: string): FileProblem {
  return new FileProblem(
    `${shown} was changed by somebody else just now. Nothing was written; read it again.`,
  );
}
