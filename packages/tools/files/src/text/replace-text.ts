import { mainLineEnding } from "./line-endings.ts";

/** A replacement that was carried out: the new text, and where it stands in it. */
export interface Replaced {
  readonly text: string;
  /** Start and end of each replacement in the new text. */
  readonly places: readonly FoundText[];
}

/** From where to where a text stands in another. */
export interface FoundText {
  readonly start: number;
  readonly end: number;
}

/**
 * Where `oldString` stands in `text`, not overlapping. A line ending matches whatever form the text has it in, because
 * models see and write `\n`.
 */
export function findText(text: string, oldString: string): readonly FoundText[] {
  const findFrom = searchFor(text, oldString);
  const found: FoundText[] = [];
  for (let next = findFrom(0); next !== undefined; next = findFrom(next.end)) found.push(next);
  return found;
}

/** Where it stands again, beginning within the first place, as `aa` in `aaa`; undefined where it does not. */
export function findOverlap(
  text: string,
  oldString: string,
  { start, end }: FoundText,
): FoundText | undefined {
  const next = searchFor(text, oldString)(start + (text.startsWith("\r\n", start) ? 2 : 1));
  return next !== undefined && next.start < end ? next : undefined;
}

function searchFor(text: string, oldString: string): (from: number) => FoundText | undefined {
  if (!text.includes("\r\n")) {
    const wanted = oldString.replaceAll("\r\n", "\n");
    return (from) => {
      const start = text.indexOf(wanted, from);
      return start === -1 ? undefined : { start, end: start + wanted.length };
    };
  }
  const lines = oldString.split(/\r?\n/).map((line) => line.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  const pattern = new RegExp(lines.join("\\r?\\n"), "g");
  return (from) => {
    pattern.lastIndex = from;
    const match = pattern.exec(text);
    return match === null ? undefined : { start: match.index, end: match.index + match[0].length };
  };
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
    readonly found: readonly FoundText[];
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
