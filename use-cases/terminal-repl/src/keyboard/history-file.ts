import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { sanitize } from "@agentwerk/use-cases-shared";
import { lineBreakMark } from "./paste-filter.ts";

/** Entries that are kept; the file is cut to them when it is opened. */
const mostEntries = 1_000;

/** What was typed in all sessions of a folder, one entry a line, oldest first; readable by this user only. */
export class HistoryFile {
  readonly #path: string;
  /** Newest first, as the line editor wants it. */
  #entries: readonly string[];

  constructor(path: string) {
    this.#path = path;
    const lines = readLines(path);
    this.#entries = lines.slice(-mostEntries).reverse();
    if (lines.length <= mostEntries) return;
    writeFileSync(path, `${lines.slice(-mostEntries).join("\n")}\n`, { mode: 0o600 });
  }

  get entries(): readonly string[] {
    return this.#entries;
  }

  /** A repeat of the newest entry is not kept. */
  add(text: string): void {
    const entry = text.trim().replaceAll(/\r?\n/g, lineBreakMark);
    if (entry === "" || entry === this.#entries[0]) return;
    this.#entries = [entry, ...this.#entries].slice(0, mostEntries);
    mkdirSync(dirname(this.#path), { recursive: true });
    appendFileSync(this.#path, `${entry}\n`, { mode: 0o600 });
  }
}

function readLines(path: string): readonly string[] {
  try {
    // The folder may have come from somebody else.
    return sanitize(readFileSync(path, "utf8"))
      .split("\n")
      .filter((line) => line !== "");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
