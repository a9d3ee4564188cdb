import type { Reply, Ticket } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { count, formatCost, formatDuration, formatTime, groupDigits } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { sanitize, sanitizeLine } from "../../show/sanitize.ts";
import { formatFields } from "../../show/table.ts";
import type { Terminal } from "../../show/terminal.ts";
import { fitWidth } from "../../show/width.ts";
import { readKey } from "./read-set.ts";
import { colourOf } from "./ticket-line.ts";
import { lookIntoQueue } from "./with-queue.ts";

export interface ShowTicketOptions {
  readonly key: string;
  readonly replies: boolean;
  readonly json?: true | undefined;
}

export async function showTicket(options: ShowTicketOptions, context: CommandContext): Promise<ExitCode> {
  const { out } = context;
  const key = readKey(options.key);
  const { ticket, replies, message } = await lookIntoQueue(context, async (tickets) => {
    const handle = await tickets.ticket(key);
    return {
      ticket: await handle.get(),
      replies: options.replies ? await handle.replies() : [],
      message: (await tickets.explain(key)).message,
    };
  });
  if (options.json === true) {
    out.write(toJsonLine(options.replies ? { ...ticket, conversation: replies } : ticket));
    return exitCodes.ok;
  }
  out.write(describeTicket(ticket, { message, terminal: out }));
  for (const reply of replies) out.write(describeReply(reply, out));
  return exitCodes.ok;
}

function describeTicket(
  ticket: Ticket,
  { message, terminal }: { readonly message: string; readonly terminal: Terminal },
): string {
  const { key, status, task, result, work } = ticket;
  const isOpen = status === "todo" || status === "in_progress" || status === "waiting";
  const fields = formatFields(
    [
      ["status", terminal.paint(colourOf(status), status)],
      ["why", isOpen ? sanitizeLine(message) : undefined],
      ["labels", sanitizeLine(ticket.labels.join(", "))],
      ["priority", ticket.priority === 0 ? undefined : String(ticket.priority)],
      ["agent", ticket.agent === undefined ? undefined : sanitizeLine(ticket.agent)],
      ["reporter", ticket.reporter === undefined ? undefined : sanitizeLine(ticket.reporter)],
      ["parent", ticket.parent],
      ["blocked by", ticket.blockedBy.join(", ")],
      ["filed", formatTime(ticket.createdAt)],
      ["not before", ticket.notBefore === undefined ? undefined : formatTime(ticket.notBefore)],
      ["finished", ticket.finishedAt === undefined ? undefined : formatTime(ticket.finishedAt)],
      ["attempts", ticket.attempt > 1 ? String(ticket.attempt) : undefined],
      ["work", work.requests === 0 ? undefined : describeWork(ticket)],
    ],
    terminal,
  );
  const parts = [`${terminal.paint("bold", key)}\n${fields}`, section("Task", task, terminal)];
  for (const call of ticket.waiting?.for === "approval" ? ticket.waiting.calls : []) {
    parts.push(
      section(`Waits with ${sanitizeLine(call.callId)}: ${sanitizeLine(call.tool)}`, call.input, terminal),
    );
  }
  if (result !== undefined) parts.push(section("Result", result, terminal));
  if (ticket.failure !== undefined) {
    parts.push(section(`Failed: ${ticket.failure.reason}`, ticket.failure.message, terminal));
  }
  return parts.join("\n");
}

function describeWork({ work }: Ticket): string {
  const { usage, cost } = work;
  return [
    formatDuration(work.workMs),
    count(work.turns, "turn"),
    count(work.toolCalls, "tool call"),
    `${groupDigits(usage.inputTokens)} tokens in, ${groupDigits(usage.outputTokens)} out`,
    ...(cost > 0 ? [formatCost(cost)] : []),
  ].join(", ");
}

function section(title: string, value: unknown, terminal: Terminal): string {
  const text = typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
  return `${terminal.paint("bold", title)}\n${indent(sanitize(text))}\n`;
}

/** Tool results can be long; the whole is in --json. */
const longestResult = 400;

function describeReply({ index, at, purpose, author, message }: Reply, terminal: Terminal): string {
  const who = sanitizeLine(author ?? (message.role === "assistant" ? "agent" : purpose));
  const parts = new Set([who, purpose, formatTime(at)]);
  const head = `\n${terminal.paint("dim", `#${index}  ${[...parts].join(", ")}`)}\n`;
  const blocks = message.content.map((block) => {
    switch (block.type) {
      case "text":
        return indent(sanitize(block.text));
      case "tool_call":
        return `  → ${sanitizeLine(block.name)} ${sanitizeLine(JSON.stringify(block.input))}`;
      case "tool_result": {
        const texts = block.content.map((part) => (part.type === "text" ? part.text : `[${part.type}]`));
        return `  ← ${fitWidth(sanitizeLine(texts.join(" ")), longestResult)}`;
      }
      default:
        return `  [${block.type}]`;
    }
  });
  return `${head}${blocks.join("\n")}\n`;
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
