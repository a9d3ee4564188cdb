import { codeOf } from "./file-problem.ts";

/** What the file system's codes mean to who asked. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full; the file is as it was",
  EDQUOT: "the disk quota is used up; the file is as it was",
  EFBIG: "the file would be larger than the system allows; it is as it was",
  EIO: "the disk reported an error",
  EMFILE: "too many files are open; try again",
  ENFILE: "too many files are open; try again",
  ENOENT: "it is not there, or was just removed",
  ENOTDIR: "a part of the path is a file, not a directory",
  EISDIR: "it is a directory",
  EEXIST: "something of that name is already there",
  ELOOP: "its links lead in a circle, or it was just replaced by a link",
  ENAMETOOLONG: "a name in it is too long",
  EBUSY: "it is in use",
  ENXIO: "it is not a regular file",
  EINVAL: "the file system does not take that name",
  EILSEQ: "the file system does not take that name",
};

/** `path: what went wrong`, for an error of the file system; undefined for any other. */
export function describeError(error: unknown, path: string): string | undefined {
  const meaning = meanings[codeOf(error) ?? ""];
  return meaning === undefined ? undefined : `${path}: ${meaning}.`;
}
