import { constants, existsSync } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FileProblem, hasCode } from "./file-problem.ts";
import { locate, type Place, type Scope } from "./place.ts";

/*
 * Between the check of a path and its use somebody may put a link in its place. So nothing is read from, written to or
 * listed by a path that was only checked: a file or folder is opened first, and what was opened is asked where it is.
 * On Linux the kernel answers (/proc/self/fd), and names beneath an open folder are reached through its descriptor, so
 * a folder that was checked stays the one that is used. Elsewhere the opened file is compared with what the path leads
 * to afterwards, which leaves a window that only a second, exactly timed swap fits through.
 */

/** Whether names can be reached through an open folder. Tests of the other way set it. */
export const descriptors: { usable: boolean } = {
  usable: process.platform === "linux" && existsSync("/proc/self/fd"),
};

/** A folder that was found to be inside the scope, and stays the same one while it is open. */
export interface OpenFolder {
  /** Absolute, without links, when it was opened. */
  readonly real: string;
  /** The path by which a direct child is reached; `name` holds no separator. */
  at(name: string): string;
  /** The folder's own path, for a child process to start in. */
  readonly cwd: string;
  close(): Promise<void>;
}

export interface OpenFile {
  readonly handle: FileHandle;
  readonly place: Place;
}

const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const folderFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_DIRECTORY;
const attempts = 20;

/**
 * Opens a regular file for reading. Pipes, devices and sockets are refused unopened.
 * @throws FileProblem, or the file system's error.
 */
export async function openFile(path: string, scope: Scope): Promise<OpenFile> {
  return untilStill(path, scope, async (place) => {
    if (place.missing.length > 0) throw new FileProblem(`${place.shown} does not exist.`);
    const kind = await lstat(place.real);
    if (kind.isDirectory()) throw new FileProblem(`${place.shown} is a directory; list_directory shows it.`);
    // A link here means that it was swapped in since: try again.
    if (kind.isSymbolicLink()) return undefined;
    if (!kind.isFile()) throw new FileProblem(`${place.shown} is ${specialKind(kind)}, not a regular file.`);
    const handle = await open(place.real, readFlags);
    if (await isAt(handle, place.real)) return { handle, place };
    await handle.close();
    return undefined;
  });
}

/** Opens a folder. @throws FileProblem, or the file system's error. */
export async function openFolder(path: string, scope: Scope): Promise<OpenFolder> {
  return untilStill(path, scope, async (place) => {
    if (place.missing.length > 0) throw new FileProblem(`${place.shown} does not exist.`);
    return openFolderAt(place.real);
  });
}

/** Opens the folder that holds `place`, and makes the folders that are missing. Undefined: it moved meanwhile. */
export async function openParent(place: Place): Promise<OpenFolder | undefined> {
  const missing = place.missing.slice(0, -1);
  let folder = await openFolderAt(place.missing.length === 0 ? dirname(place.real) : place.existing);
  for (const name of missing) {
    if (folder === undefined) return undefined;
    const parent: OpenFolder = folder;
    try {
      await mkdir(parent.at(name)).catch((error: unknown) => {
        if (!hasCode(error, "EEXIST")) throw error;
      });
      folder = await openChild(parent, name);
    } finally {
      await parent.close();
    }
  }
  return folder;
}

/** Opens a folder within an open one. Undefined: it is not, or no longer, a folder of its own. */
export async function openChild(parent: OpenFolder, name: string): Promise<OpenFolder | undefined> {
  return pin(parent.at(name), join(parent.real, name));
}

/** Repeats `use` while what it finds is being moved about. It answers undefined to be repeated. */
export async function untilStill<Value>(
  path: string,
  scope: Scope,
  use: (place: Place) => Promise<Value | undefined>,
): Promise<Value> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const value = await use(await locate(path, scope));
    if (value !== undefined) return value;
  }
  throw new FileProblem(`${path} is being replaced by somebody else over and over; try again later.`);
}

/** Opens the folder at a path without links. Undefined: it is not, or no longer, a folder of its own. */
export async function openFolderAt(real: string): Promise<OpenFolder | undefined> {
  return pin(real, real);
}

async function pin(path: string, real: string): Promise<OpenFolder | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, folderFlags);
  } catch (error) {
    if (hasCode(error, "ELOOP")) return undefined;
    if (hasCode(error, "ENOTDIR")) {
      // With O_NOFOLLOW a link to a folder is "not a directory" as well.
      const kind = await lstat(path).catch(() => undefined);
      if (kind === undefined || kind.isSymbolicLink()) return undefined;
      throw new FileProblem(`${basename(real)} is a file, not a directory.`);
    }
    throw error;
  }
  if (!(await isAt(handle, real))) {
    await handle.close();
    return undefined;
  }
  const through = descriptors.usable;
  return {
    real,
    at: (name) => (through ? `/proc/self/fd/${handle.fd}/${name}` : join(real, name)),
    cwd: through ? `/proc/${process.pid}/fd/${handle.fd}` : real,
    close: () => handle.close(),
  };
}

/** Whether what was opened is what stands at `real`, a path without links. */
async function isAt(handle: FileHandle, real: string): Promise<boolean> {
  if (descriptors.usable) return (await readlink(`/proc/self/fd/${handle.fd}`)) === real;
  try {
    if ((await realpath(real)) !== real) return false;
    const [opened, standing] = await Promise.all([
      handle.stat({ bigint: true }),
      lstat(real, { bigint: true }),
    ]);
    return opened.dev === standing.dev && opened.ino === standing.ino;
  } catch {
    return false;
  }
}

function specialKind(kind: {
  isFIFO(): boolean;
  isSocket(): boolean;
  isCharacterDevice(): boolean;
  isBlockDevice(): boolean;
}): string {
  if (kind.isFIFO()) return "a named pipe";
  if (kind.isSocket()) return "a socket";
  return kind.isCharacterDevice() || kind.isBlockDevice() ? "a device" : "something special";
}
