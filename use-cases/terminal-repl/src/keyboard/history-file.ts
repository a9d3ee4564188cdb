import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolderSync } from "@agentwerk/core";
import { sanitize } from "@agentwerk/use-cases-shared";
import { lineBreakMark } from "./paste-filter.ts";

/** Entries that are kept; the file is cut to them when it is opened. */
const mostEntries = 1_000;

/**
 * What was typed in all sessions of a folder, one entry a line, oldest first; readable by this user only. A file that cannot
 * be read or written, on a full disk for one, ends no conversation: the history then lasts as long as the program.
 */
export class HistoryFile {
  readonly #path: string;
  /** Newest first, as the line editor wants it. */
  #entries: readonly string[] = [];

  constructor(path: string) {
    this.#path = path;
    whereThatWorks(() => {
      const lines = readLines(path);
      this.#entries = lines.slice(-mostEntries).reverse();
      if (lines.length > mostEntries) cutTo(lines.slice(-mostEntries), path);
    });
  }

  get entries(): readonly string[] {
    return this.#entries;
  }

  /** A repeat of the newest entry is not kept. */
  add(text: string): void {
    const entry = text.trim().replaceAll(/\r?\n/g, lineBreakMark);
    if (entry === "" || entry === this.#entries[0]) return;
    this.#entries = [entry, ...this.#entries].slice(0, mostEntries);
    whereThatWorks(() => {
      makeFolderSync(dirname(this.#path));
      const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
      withFile(this.#path, flags, (file) => writeFileSync(file, `${entry}\n`));
    });
  }
}

function readLines(path: string): readonly string[] {
  // The folder may have come from somebody else.
  return sanitize(withFile(path, constants.O_RDONLY, (file) => readFileSync(file, "utf8")))
    .split("\n")
    .filter((line) => line !== "");
}

function cutTo(lines: readonly string[], path: string): void {
  const shorter = `${path}.${process.pid}`;
  writeFileSync(shorter, `${lines.join("\n")}\n`, { flag: "wx", mode: 0o600 });
  renameSync(shorter, path);
}

/** Opens a regular file; a link is not followed, for it may lead to a file of the person's own, and no pipe is waited for. */
function withFile<Result>(path: string, flags: number, use: (file: number) => Result): Result {
  const file = openSync(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  try {
    if (!fstatSync(file).isFile()) throw Object.assign(new Error(`${path} is no file.`), { code: "EINVAL" });
    return use(file);
  } finally {
    closeSync(file);
  }
}

function whereThatWorks(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}
