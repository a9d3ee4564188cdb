import { formatCost, formatDuration, groupDigits, shortNumber } from "../../show/format.ts";
import { type Column, formatBar, formatTable, gap } from "../../show/table.ts";
import type { Terminal } from "../../show/terminal.ts";
import { widthOf } from "../../show/width.ts";

/** A line of a table: a label or an agent, and what was done in its name. */
export interface StatsRow {
  readonly name: string;
  readonly tickets: number;
  readonly done: number;
  readonly failed: number;
  readonly workMs: number;
  readonly tokens: number;
  readonly cost: number;
}

const widestBar = 24;
/** A shorter one says nothing. */
const shortestBar = 4;

/** The rows with as much of a bar as the terminal has room for. */
export function describeRows(title: string, rows: readonly StatsRow[], terminal: Terminal): string {
  if (rows.length === 0) return "";
  const table = (columns: readonly Column<StatsRow>[]): string => formatTable(rows, { columns, terminal });
  const [name, tickets, ...others] = columnsOf(title);
  const bare = table([name, tickets, ...others]);
  const taken = Math.max(...bare.split("\n").map((line) => widthOf(line)));
  const width = Math.min(widestBar, terminal.columns() - 1 - taken - gap.length);
  if (width < shortestBar) return `\n${bare}`;
  const most = Math.max(...rows.map((row) => row.tickets));
  const bar: Column<StatsRow> = {
    title: "",
    cell: (row) => formatBar(row.tickets, { most, width }),
    colour: () => "cyan",
  };
  return `\n${table([name, tickets, bar, ...others])}`;
}

function columnsOf(title: string): readonly [Column<StatsRow>, Column<StatsRow>, ...Column<StatsRow>[]] {
  return [
    { title, cell: ({ name }) => name, flexible: true },
    { title: "tickets", cell: ({ tickets }) => groupDigits(tickets), align: "right" },
    { title: "done", cell: ({ done }) => groupDigits(done), align: "right", colour: () => "green" },
    {
      title: "failed",
      cell: ({ failed }) => groupDigits(failed),
      align: "right",
      colour: ({ failed }) => (failed > 0 ? "red" : undefined),
    },
    { title: "work", cell: ({ workMs }) => formatDuration(workMs), align: "right" },
    { title: "tokens", cell: ({ tokens }) => shortNumber(tokens), align: "right" },
    { title: "cost", cell: ({ cost }) => formatCost(cost), align: "right" },
  ];
}
