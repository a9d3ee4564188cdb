import type { Terminal } from "../show/terminal.ts";

/** One of so many columns and rows, without colours; with an infinite number of columns it is a pipe. */
export function fakeTerminal(columns: number, rows = 24): Terminal {
  return {
    isTerminal: Number.isFinite(columns),
    isLive: Number.isFinite(columns),
    hasColours: false,
    columns: () => columns,
    rows: () => rows,
    write() {},
    paint: (_colour, text) => text,
  };
}
