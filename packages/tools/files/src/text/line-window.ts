/** Which part of a text is kept. */
export interface WindowOptions {
  /** First line, counted from 1. */
  readonly offset: number;
  readonly limit: number;
  /** First character of each line, counted from 1. */
  readonly column: number;
  /** Characters kept of each line. */
  readonly width: number;
  /** Characters kept in all, so that the answer is not cut further on. */
  readonly characters: number;
}

export interface KeptLine {
  readonly text: string;
  /** Characters of the line that were left out on the right. */
  readonly cut: number;
}

export interface LineWindow {
  /** `text` may end anywhere, also between CR and LF. */
  add(text: string): void;
  /** Nothing further can come into the window. */
  readonly full: boolean;
  finish(): {
    readonly lines: readonly KeptLine[];
    readonly total: number;
    readonly stoppedByCharacters: boolean;
  };
}

/** Cuts a window out of a text that arrives in pieces, and holds no more than the window. */
export function lineWindow({ offset, limit, column, width, characters }: WindowOptions): LineWindow {
  const lines: KeptLine[] = [];
  let number = 1;
  /** Length of the line so far, the window's part of it, and whether anything of a last line came. */
  let length = 0;
  let kept = "";
  let remaining = characters;
  let stopped = false;
  /** A CR at the end of a line belongs to the line's end; one elsewhere is text. */
  let heldReturn = false;

  function extend(text: string): void {
    if (text === "") return;
    if (!stopped && number >= offset && lines.length < limit) {
      const from = Math.max(0, column - 1 - length);
      if (kept.length < width && from < text.length) kept += text.slice(from, from + width - kept.length);
    }
    length += text.length;
  }

  function endLine(): void {
    if (!stopped && number >= offset && lines.length < limit) {
      const cost = kept.length + 8;
      if (cost > remaining && lines.length > 0) stopped = true;
      else lines.push({ text: kept.toWellFormed(), cut: Math.max(0, length - (column - 1) - kept.length) });
      remaining -= cost;
    }
    number += 1;
    length = 0;
    kept = "";
  }

  return {
    get full() {
      return stopped || lines.length >= limit;
    },
    add(piece) {
      const text = heldReturn ? `\r${piece}` : piece;
      heldReturn = text.endsWith("\r");
      const end = heldReturn ? text.length - 1 : text.length;
      let start = 0;
      for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", start)) {
        extend(text.slice(start, text[at - 1] === "\r" && at > start ? at - 1 : at));
        endLine();
        start = at + 1;
      }
      extend(text.slice(start, end));
    },
    finish() {
      if (heldReturn) extend("\r");
      if (length > 0) endLine();
      return { lines, total: number - 1, stoppedByCharacters: stopped };
    },
  };
}
