import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AgentwerkError, makeFolder, toErrorMessage } from "@agentwerk/core";

/** Larger files are none of ours. */
const largest = 4_000_000;

/**
 * Reads a file that only its owner may read; undefined when it is not there. A file that others could read is closed to
 * them first; one of another owner, and a link, are refused.
 * @throws AgentwerkError `store_unavailable` naming the file.
 */
export async function readPrivate(path: string): Promise<string | undefined> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw refuse(path, code === "ELOOP" ? "it is a link" : toErrorMessage(error), error);
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > largest) throw refuse(path, "it is no ordinary file");
    if (process.getuid !== undefined && stats.uid !== process.getuid()) {
      throw refuse(path, "it belongs to somebody else");
    }
    if ((stats.mode & 0o077) !== 0) await handle.chmod(0o600);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

/** Replaces a file as a whole, readable by its owner only; directories on the way are made the same. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path), { mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw refuse(path, toErrorMessage(error), error);
  }
}

function refuse(path: string, problem: string, cause?: unknown): AgentwerkError {
  return new AgentwerkError({
    code: "store_unavailable",
    message: `${path} cannot be used: ${problem}. Remove it, or name another directory as stateDir.`,
    cause,
  });
}
