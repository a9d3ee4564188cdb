import type { Tally, TicketKey } from "@agentwerk/core";
import { formatCost, formatDuration, groupDigits, shortNumber } from "../../show/format.ts";
import type { Terminal } from "../../show/terminal.ts";
import { fitWidth, padEnd, widthOf } from "../../show/width.ts";

export interface WorkingTicket {
  readonly key: TicketKey;
  readonly agent: string;
  readonly task: string;
  /** What it does right now, in a word. */
  readonly doing: string;
  readonly since: number;
}

/** All that the live view shows. */
export interface WorkPicture {
  readonly agents: number;
  readonly working: readonly WorkingTicket[];
  /** Of the whole store; `undefined` before they were read. */
  readonly counts:
    | (Tally & { readonly todo: number; readonly inProgress: number; readonly waiting: number })
    | undefined;
  readonly frame: number;
  readonly ms: number;
  readonly now: number;
}

const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
/** Tickets that are listed, on a screen that has room for them. */
const mostRows = 12;

/** The lines of the live view, each of which fits on a row. */
export function drawWork(picture: WorkPicture, terminal: Terminal): readonly string[] {
  // One column stays free: some terminals wrap a line that is exactly full.
  const columns = Math.max(1, terminal.columns() - 1);
  const room = Math.max(0, Math.min(mostRows, terminal.rows() - 4));
  const { working } = picture;
  const rows = working.slice(0, working.length > room ? Math.max(0, room - 1) : room);
  const agentWidth = Math.max(0, ...rows.map(({ agent }) => widthOf(agent)));
  const keyWidth = Math.max(0, ...rows.map(({ key }) => key.length));
  const lines = rows.map((ticket) => {
    const age = formatDuration(picture.now - ticket.since);
    const head = `  ${padEnd(ticket.agent, agentWidth)}  ${ticket.key.padEnd(keyWidth)}  `;
    const tail = `  ${ticket.doing}  ${age}`;
    const task = fitWidth(ticket.task, columns - widthOf(head) - widthOf(tail));
    return fitWidth(head + task + tail, columns);
  });
  const further = working.length - rows.length;
  if (further > 0) lines.push(fitWidth(`  and ${further} more`, columns));
  return [...lines, terminal.paint("dim", fitWidth(summary(picture), columns))];
}

function summary({ agents, working, counts, frame, ms }: WorkPicture): string {
  const mark = working.length === 0 ? "·" : (frames[frame % frames.length] ?? "·");
  const state = working.length === 0 ? "idle" : `${working.length} working`;
  const parts = [`${mark} ${agents} agent${agents === 1 ? "" : "s"}, ${state}`];
  if (counts !== undefined) {
    const { todo, inProgress, waiting, done, failed, work } = counts;
    const queue = [`${groupDigits(todo)} todo`, `${groupDigits(inProgress)} in progress`];
    if (waiting > 0) queue.push(`${groupDigits(waiting)} waiting`);
    queue.push(`${groupDigits(done)} done`);
    if (failed > 0) queue.push(`${groupDigits(failed)} failed`);
    parts.push(queue.join(", "));
    const { inputTokens, outputTokens } = work.usage;
    const cost = work.cost > 0 ? `, ${formatCost(work.cost)}` : "";
    parts.push(`${shortNumber(inputTokens)} in, ${shortNumber(outputTokens)} out${cost}`);
  }
  if (working.length > 0) parts.push(formatDuration(ms));
  return parts.join(" · ");
}
