import { mainLineEnding } from "./line-endings.ts";

/** A replacement that was carried out: the new text, and where it stands in it. */
export interface Replaced {
  readonly text: string;
  /** Start and end of each replacement in the new text. */
  readonly places: readonly { readonly start: number; readonly end: number }[];
}

/**
 * Where `oldString` stands in `text`, not overlapping. A line ending matches whatever form the text has it in, because
 * models see and write `\n`.
 */
export function findText(
  text: string,
  oldString: string,
): readonly { readonly start: number; readonly end: number }[] {
  if (!text.includes("\r\n")) return findExact(text, oldString.replaceAll("\r\n", "\n"));
  const pattern = oldString
    .split(/\r?\n/)
    .map((line) => line.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join("\\r?\\n");
  return Array.from(text.matchAll(new RegExp(pattern, "g")), ({ index, 0: match }) => ({
    start: index,
    end: index + match.length,
  }));
}

function findExact(
  text: string,
  wanted: string,
): readonly { readonly start: number; readonly end: number }[] {
  const found: { readonly start: number; readonly end: number }[] = [];
  for (let start = text.indexOf(wanted); start !== -1; start = text.indexOf(wanted, start + wanted.length)) {
    found.push({ start, end: start + wanted.length });
  }
  return found;
}

/** Puts `newString` at each place, with line endings as those it replaces, or else as `ending`. */
export function replaceText(
  text: string,
  {
    newString,
    found,
    ending,
  }: {
    readonly newString: string;
    readonly found: readonly { readonly start: number; readonly end: number }[];
    readonly ending: "\n" | "\r\n";
  },
): Replaced {
  const parts: string[] = [];
  const places: { start: number; end: number }[] = [];
  let position = 0;
  let length = 0;
  for (const { start, end } of found) {
    const replaced = text.slice(start, end);
    const form = mainLineEnding(replaced) ?? ending;
    const inserted = newString.replaceAll(/\r?\n/g, form);
    parts.push(text.slice(position, start), inserted);
    length += start - position;
    places.push({ start: length, end: length + inserted.length });
    length += inserted.length;
    position = end;
  }
  parts.push(text.slice(position));
  return { text: parts.join(""), places };
}
