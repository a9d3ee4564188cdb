import type { OpenFolder } from "../confine/open-inside.ts";
import type { Scope } from "../confine/place.ts";

/** A search as its engines take it. */
export interface GrepRequest {
  readonly pattern: string;
  readonly mode: "content" | "files" | "count";
  readonly globs: readonly string[];
  readonly ignoreCase: boolean;
  readonly context: number;
  readonly limit: number;
  readonly ignored: boolean;
  readonly literal: boolean;
  readonly multiline: boolean;
  readonly signal: AbortSignal;
  /** Held open while the search runs. */
  readonly folder: OpenFolder;
  /** The one file of the folder to look into; the whole folder when undefined. */
  readonly file: string | undefined;
  readonly scope: Scope;
}

/** A file with matches. */
export interface FileMatches {
  /** From the searched folder. */
  readonly name: string;
  /** Matching lines; `undefined` where only the fact was asked for. */
  readonly count: number | undefined;
}

/** One line of a file, matching or around a match. */
export interface FoundLine {
  readonly number: number;
  readonly text: string;
  readonly isMatch: boolean;
}

export interface GrepAnswer {
  /** Every file with matches, by path. */
  readonly files: readonly FileMatches[];
  /** Lines to show, for as many files as the limit allows; only in mode `content`. */
  readonly shown: readonly { readonly name: string; readonly lines: readonly FoundLine[] }[];
  readonly problems: readonly string[];
  /** Not all files were looked into. */
  readonly isPartial: boolean;
}
