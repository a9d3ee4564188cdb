import type { Colour, Terminal } from "./terminal.ts";
import { fitWidth, padEnd, widthOf } from "./width.ts";

export interface Column<Row> {
  readonly title: string;
  /** Safe for a terminal and on one line. */
  readonly cell: (row: Row) => string;
  readonly colour?: (row: Row) => Colour | undefined;
  readonly align?: "right";
  /** Takes what the others leave, and is cut. */
  readonly flexible?: true;
}

const gap = "  ";
const narrowestFlexible = 12;

/** Rows in columns as wide as what they hold; on a terminal the flexible column is cut so that each row is one line. */
export function formatTable<Row>(
  rows: readonly Row[],
  { columns, terminal }: { readonly columns: readonly Column<Row>[]; readonly terminal: Terminal },
): string {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...cells.map((line) => widthOf(line[index] ?? ""))),
  );
  const taken = widths.reduce((sum, width, index) => sum + (columns[index]?.flexible ? 0 : width), 0);
  const room = terminal.columns() - 1 - taken - gap.length * (columns.length - 1);
  const format = (line: readonly string[], paint: (text: string, index: number) => string): string => {
    const parts = columns.map(({ align, flexible }, index) => {
      const width = Math.min(
        widths[index] ?? 0,
        flexible ? Math.max(room, narrowestFlexible) : Number.POSITIVE_INFINITY,
      );
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
