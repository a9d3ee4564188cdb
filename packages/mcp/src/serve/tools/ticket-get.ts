import { type Reply, textOf } from "@agentwerk/core";
import { z } from "zod";
import { pageLength, repliesOfPage } from "../limits.ts";
import { pageText, readOffset } from "../tickets/page-text.ts";
import { cut, describeTicket, ticketView, toIso, toText, toTicketView } from "../tickets/ticket-view.ts";
import { defineServedTool, type ServedTool, type ToolCall } from "./served-tool.ts";
import { key } from "./shared-fields.ts";

const reply = z.object({
  at: z.string(),
  author: z.string().optional(),
  role: z.string(),
  text: z.string(),
});

export const ticketGet: ServedTool = defineServedTool({
  name: "ticket_get",
  title: "Read a ticket",
  profile: "read",
  description:
    "Reads a ticket: status, result, question, and why it does not move. part: task and result as whole text, replies for the conversation; both come in pages.",
  input: z.strictObject({
    key,
    part: z.enum(["ticket", "task", "result", "replies"]).default("ticket"),
    cursor: z.string().optional().describe("next_cursor of the page before."),
  }),
  output: z.object({
    ticket: ticketView.optional(),
    explanation: z.string().optional(),
    text: z.string().optional(),
    replies: z.array(reply).optional(),
    next_cursor: z.string().optional(),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(input, call) {
    const ticket = await call.access.get(input.key);
    if (input.part === "replies")
      return readReplies(await call.access.tickets.replies(ticket.key), input.cursor);
    if (input.part !== "ticket") {
      const value = input.part === "task" ? ticket.task : ticket.result;
      if (value === undefined)
        return { text: `${ticket.key} has no result: it is ${ticket.status}.`, data: {} };
      const { text, next } = pageText(toText(value), input.cursor);
      return { text: withMore(text, next), data: { text, ...(next !== undefined && { next_cursor: next }) } };
    }
    const explanation = await explain(call, ticket.key);
    return {
      text: [describeTicket(ticket), explanation].filter((part) => part !== undefined).join("\n"),
      data: { ticket: toTicketView(ticket), ...(explanation !== undefined && { explanation }) },
    };
  },
});

/** Why a ticket stands still, as far as this process can tell: which agents others run, it does not know. */
async function explain({ access, works }: ToolCall, ticket: string): Promise<string | undefined> {
  const { reason, message } = await access.tickets.explain(ticket);
  if (reason === "moving" || reason === "final" || reason === "parked") return undefined;
  // Names the worker, whose name holds the secret of a client's claim; who works it, the ticket itself tells.
  if (reason === "leased") return undefined;
  return reason === "no_agent" && !works ? undefined : message;
}

function readReplies(replies: readonly Reply[], cursor: string | undefined) {
  const start = readOffset(cursor);
  const page: z.infer<typeof reply>[] = [];
  let length = 0;
  let next = start;
  for (const { at, author, message } of replies.slice(start, start + repliesOfPage)) {
    const text = cut(describeContent(message.content), pageLength);
    if (page.length > 0 && length + text.length > pageLength) break;
    page.push({ at: toIso(at), ...(author !== undefined && { author }), role: message.role, text });
    length += text.length;
    next++;
  }
  const more = next < replies.length ? String(next) : undefined;
  const text = page.map((entry) => `${entry.author ?? entry.role}: ${entry.text}`).join("\n\n");
  return {
    text: withMore(text === "" ? "There are no replies." : text, more),
    data: { replies: page, ...(more !== undefined && { next_cursor: more }) },
  };
}

function describeContent(content: Reply["message"]["content"]): string {
  const parts = [textOf(content)];
  for (const block of content) {
    if (block.type === "tool_call") parts.push(`[calls ${block.name} ${JSON.stringify(block.input)}]`);
    if (block.type === "tool_result") parts.push(`[result: ${textOf(block.content)}]`);
  }
  return parts.filter((part) => part !== "").join("\n");
}

function withMore(text: string, next: string | undefined): string {
  return next === undefined ? text : `${text}\n… more with cursor "${next}".`;
}
