import { z } from "zod";
import { defaultListLimit, longestList } from "../limits.ts";
import { refusedCursor } from "../tickets/page-text.ts";
import type { ListCursor } from "../tickets/ticket-access.ts";
import { listedTicket, toListedTicket } from "../tickets/ticket-view.ts";
import { defineServedTool, type ServedTool } from "./served-tool.ts";

export const ticketList: ServedTool = defineServedTool({
  name: "ticket_list",
  title: "List tickets",
  profile: "read",
  description:
    "Lists tickets, newest first. query: conditions with AND, OR, NOT on label, status (todo, in_progress, waiting, done, failed, cancelled), task, result, agent, reporter, parent, priority, created, finished …; ~ means contains. Such as: status = failed AND label = scan AND created > -2d ORDER BY priority DESC.",
  input: z.strictObject({
    query: z.string().max(4_000).default("").describe("Empty: all."),
    limit: z.int().min(1).max(longestList).default(defaultListLimit),
    cursor: z.string().optional().describe("next_cursor of the page before, with the same query."),
  }),
  output: z.object({ tickets: z.array(listedTicket), next_cursor: z.string().optional() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run({ query, limit, cursor }, { access }) {
    const { tickets, next } = await access.find({ query, limit, cursor: readCursor(cursor) });
    const listed = tickets.map(toListedTicket);
    const lines = listed.map(({ key, status, labels, task }) => {
      const of = labels === undefined ? "" : ` [${labels.join(", ")}]`;
      return `${key} ${status}${of}: ${task.replaceAll(/\s+/g, " ")}`;
    });
    const more = next === undefined ? undefined : writeCursor(next);
    if (more !== undefined) lines.push(`… more with cursor "${more}".`);
    return {
      text: lines.length === 0 ? "No ticket matches." : lines.join("\n"),
      data: { tickets: listed, ...(more !== undefined && { next_cursor: more }) },
    };
  },
});

function writeCursor({ offset, before }: ListCursor): string {
  return before === undefined ? String(offset) : `${offset}.${before}`;
}

function readCursor(text: string | undefined): ListCursor {
  if (text === undefined) return { offset: 0 };
  const match = /^(\d{1,9})(?:\.(\d{1,15}))?$/.exec(text);
  if (match === null) throw refusedCursor();
  return { offset: Number(match[1]), ...(match[2] !== undefined && { before: Number(match[2]) }) };
}
