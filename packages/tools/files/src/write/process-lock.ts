import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { open, readFile, rename, stat, unlink } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { FileProblem, hasCode } from "../confine/file-problem.ts";
import { hashOf } from "../text/text-file.ts";
import type { FileTarget } from "./replace-file.ts";

/*
 * Between the last look at a file and the rename that replaces it, another process could do the same, and one edit
 * would be gone. So both happen under a lock file in the same folder, which works wherever the folder is shared. It is
 * held for about a millisecond; one that is older than `staleMs` was left by a process that was killed, and is taken.
 */

const staleMs = 10_000;
const newFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Runs `work` when no other process replaces the target. */
export async function withProcessLock(target: FileTarget, work: () => Promise<void>): Promise<void> {
  const lock = target.folder.at(`.agentwerk-${hashOf(Buffer.from(target.name)).slice(0, 16)}.lock`);
  const token = randomUUID();
  await take(lock, token, target);
  try {
    // A process that slept past the limit finds the lock in other hands.
    if ((await readFile(lock, "utf8")) !== token) {
      throw new FileProblem(
        `${target.shown} is being changed by somebody else. Nothing was written; try again.`,
      );
    }
    await work();
  } finally {
    if ((await readFile(lock, "utf8").catch(() => "")) === token) await unlink(lock).catch(() => {});
  }
}

async function take(lock: string, token: string, { signal, shown, folder }: FileTarget): Promise<void> {
  const deadline = Date.now() + 2 * staleMs;
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    try {
      const handle = await open(lock, newFlags, 0o600);
      try {
        await handle.writeFile(token);
      } finally {
        await handle.close();
      }
      return;
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
    await removeStale(lock, folder.at(`.agentwerk-${token}.stale`));
    await delay(1 + Math.random() * 4, undefined, { signal });
  }
  throw new FileProblem(`${shown} is being changed by somebody else all the time; try again later.`);
}

/** Takes an old lock away by a rename, so that of several who find it one removes it. */
async function removeStale(lock: string, aside: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(lock);
    if (Date.now() - mtimeMs < staleMs) return;
    await rename(lock, aside);
    await unlink(aside);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}
