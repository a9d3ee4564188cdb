import type { Colour, Terminal } from "./terminal.ts";
import { fitWidth, padEnd, widthOf } from "./width.ts";

export interface Column<Row> {
  readonly title: string;
  /** Safe for a terminal and on one line. */
  readonly cell: (row: Row) => string;
  readonly colour?: (row: Row) => Colour | undefined;
  readonly align?: "right";
  /** Is cut where not all has room: the flexible columns of a table share what the others leave. */
  readonly flexible?: true;
}

/** Between two columns. */
export const gap = "  ";
const narrowestFlexible = 12;

/** Rows in columns as wide as what they hold; on a terminal the flexible columns are cut so that each row is one line. */
export function formatTable<Row>(
  rows: readonly Row[],
  { columns, terminal }: { readonly columns: readonly Column<Row>[]; readonly terminal: Terminal },
): string {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const natural = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...cells.map((line) => widthOf(line[index] ?? ""))),
  );
  const isFlexible = (_: number, index: number): boolean => columns[index]?.flexible === true;
  const fixed = natural.reduce((sum, width, index) => sum + (isFlexible(width, index) ? 0 : width), 0);
  const room = terminal.columns() - 1 - fixed - gap.length * (columns.length - 1);
  const most = Math.max(narrowestFlexible, shareOf(room, natural.filter(isFlexible)));
  const widths = natural.map((width, index) => (isFlexible(width, index) ? Math.min(width, most) : width));
  const format = (line: readonly string[], paint: (text: string, index: number) => string): string => {
    const parts = columns.map(({ align }, index) => {
      const width = widths[index] ?? 0;
      const text = fitWidth(line[index] ?? "", width);
      const isLast = index === columns.length - 1;
      const painted = paint(text, index);
      const missing = " ".repeat(Math.max(0, width - widthOf(text)));
      if (align === "right") return missing + painted;
      return isLast ? painted : painted + missing;
    });
    return parts.join(gap).trimEnd();
  };
  const head = format(
    columns.map(({ title }) => title),
    (text) => (text === "" ? "" : terminal.paint("dim", text)),
  );
  const lines = rows.map((row, at) =>
    format(cells[at] ?? [], (text, index) => {
      const colour = columns[index]?.colour?.(row);
      return colour === undefined ? text : terminal.paint(colour, text);
    }),
  );
  return [head, ...lines].map((line) => `${line}\n`).join("");
}

/** What none may pass so that all have room, where those that need less leave it to the others. */
function shareOf(room: number, widths: readonly number[]): number {
  let left = room;
  for (const [index, width] of [...widths].sort((one, other) => one - other).entries()) {
    const share = Math.floor(left / (widths.length - index));
    if (width > share) return share;
    left -= width;
  }
  return Number.POSITIVE_INFINITY;
}

/** Names and values below each other. */
export function formatFields(
  fields: readonly (readonly [name: string, value: string | undefined])[],
  terminal: Terminal,
): string {
  const given = fields.filter(([, value]) => value !== undefined && value !== "");
  const width = Math.max(0, ...given.map(([name]) => widthOf(name)));
  return given
    .map(([name, value = ""]) => `${terminal.paint("dim", padEnd(name, width))}${gap}${value}\n`)
    .join("");
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of at most `width` columns, exact to an eighth of one. */
export function formatBar(
  value: number,
  { most, width }: { readonly most: number; readonly width: number },
): string {
  if (most <= 0 || value <= 0) return "";
  const units = Math.max(1, Math.round((Math.min(value, most) / most) * width * 8));
  return "█".repeat(Math.floor(units / 8)) + (eighths[units % 8] ?? "");
}
