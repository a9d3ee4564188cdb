import measure from "string-width";

const graphemes = new Intl.Segmenter();

/** Columns that text takes on a terminal: East Asian characters and emoji take two, combining marks and colours none. */
export function widthOf(text: string): number {
  return measure(text);
}

/** Cuts text to so many columns, with `…` at its end when something is missing. Takes no colours. */
export function fitWidth(text: string, columns: number): string {
  // No character takes more than two columns.
  if (text.length * 2 <= columns || measure(text) <= columns) return text;
  if (columns <= 0) return "";
  let fitted = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += measure(segment);
    if (width > columns - 1) break;
    fitted += segment;
  }
  return `${fitted}…`;
}

/** Fills up with blanks to so many columns. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}
