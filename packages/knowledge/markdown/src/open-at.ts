import type { Dirent } from "node:fs";
import { constants, existsSync } from "node:fs";
import { type FileHandle, lstat, open, readdir, readlink, realpath } from "node:fs/promises";

/*
 * Between the check of a path and its use somebody may put a link in its place. So a file or folder is opened first, and
 * then what was opened is asked where it is: on Linux the kernel answers, elsewhere it is compared with what stands there.
 */

const isLinux = process.platform === "linux" && existsSync("/proc/self/fd");

/**
 * Opens a file for reading. `real` is absolute and without links; a pipe is not waited for.
 * @throws Error that says so when a link was in the way, or the file system's error.
 */
export async function openAt(real: string, flags = 0): Promise<FileHandle> {
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | flags);
  if (await isAt(handle, real)) return handle;
  await handle.close();
  throw new Error("it lies behind a link");
}

/** What a folder holds, by name. `real` is absolute and without links. */
export async function readFolder(real: string): Promise<readonly Dirent[]> {
  const handle = await openAt(real, constants.O_DIRECTORY);
  try {
    const path = isLinux ? `/proc/self/fd/${handle.fd}` : real;
    const entries = await readdir(path, { withFileTypes: true });
    if (!(await isAt(handle, real))) throw new Error("it lies behind a link");
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } finally {
    await handle.close();
  }
}

/** Whether what was opened stands at the path. */
async function isAt(handle: FileHandle, real: string): Promise<boolean> {
  if (isLinux) return (await readlink(`/proc/self/fd/${handle.fd}`)) === real;
  if ((await realpath(real)) !== real) return false;
  const [opened, standing] = await Promise.all([
    handle.stat({ bigint: true }),
    lstat(real, { bigint: true }),
  ]);
  return opened.dev === standing.dev && opened.ino === standing.ino;
}
