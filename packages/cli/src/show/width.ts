import measure from "fast-string-truncated-width";

/** Columns that text takes on a terminal: East Asian characters and emoji take two, combining marks and colours none. */
export function widthOf(text: string): number {
  return measure(text).width;
}

/** Cuts text to so many columns, with `…` at its end when something is missing. Takes no colours. */
export function fitWidth(text: string, columns: number): string {
  if (!Number.isFinite(columns)) return text;
  if (columns <= 0) return "";
  const { index, truncated } = measure(text, { limit: columns, ellipsis: "…", ellipsisWidth: 1 });
  return truncated ? `${text.slice(0, index)}…` : text;
}

/** Fills up with blanks to so many columns. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}

export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - widthOf(text))) + text;
}
