/** What the common refusals of an operating system mean, and what to do about them. */
const meanings: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the device; free some, and try again",
  EDQUOT: "the disk quota is used up; free some space, and try again",
  EROFS: "the file system is read-only; choose another place, or make it writable",
  EACCES: "permission is denied; choose another place, or change its permissions",
  EPERM: "the operation is not permitted; choose another place, or change its permissions",
  ENOENT: "it is not there, or the folder that it belongs in is not; check the path",
  ENOTDIR: "a part of the path is no folder; choose another place",
  EISDIR: "it is a folder; name a file",
  EMFILE: "too many files are open; raise the limit (ulimit -n), and try again",
};

/** One line for an error of a file or folder, with the next step; `undefined` for anything else. */
export function describeSystemError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  // Node says so of each folder that cannot be made, whatever the reason is.
  if (error.syscall === "mkdir" && error.code === "ENOENT" && path !== undefined)
    return `${path} cannot be made; check that the folder above it is there, and can be written.`;
  const meaning = typeof error.code === "string" ? meanings[error.code] : undefined;
  if (meaning === undefined) return undefined;
  const place = path === undefined ? "A file cannot be written" : `${path} cannot be used`;
  return `${place}: ${meaning}.`;
}
