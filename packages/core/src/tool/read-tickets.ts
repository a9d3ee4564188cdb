import { textOf } from "../provider/content.ts";
import type { Ticket, TicketStatus } from "../ticket/ticket.ts";
import { parseTicketKey } from "../ticket/ticket-key.ts";
import { lazily } from "../util/lazily.ts";
import { defineTool } from "./define-tool.ts";
import type { Tool } from "./tool.ts";
import type { ToolContext } from "./tool-context.ts";
import { toolError } from "./tool-result.ts";

interface ReadInput {
  readonly key?: string;
  readonly status?: readonly TicketStatus[];
  readonly labels?: readonly string[];
  readonly limit?: number;
  readonly conversation?: boolean;
}

const statuses: readonly TicketStatus[] = ["todo", "in_progress", "waiting", "done", "failed", "cancelled"];
const shownTask = 200;

/** The tool by which an agent looks at tickets: one whole, or a list. */
export const readTickets: () => Tool = lazily(() =>
  defineTool({
    name: "read_tickets",
    description:
      "Reads tickets. With key: that ticket whole, with its result or failure, and with conversation: true what was said on it. Without key: a list, one line a ticket, narrowed by status and labels, oldest first.",
    input: {
      type: "object",
      properties: {
        key: { type: "string", description: "One ticket, as TICKET-12." },
        status: { type: "array", items: { type: "string", enum: [...statuses] } },
        labels: {
          type: "array",
          items: { type: "string" },
          description: "Tickets with at least one of them.",
        },
        limit: { type: "integer", minimum: 1, maximum: 200, description: "50 unless given." },
        conversation: { type: "boolean", description: "With key: also what was said." },
      },
      additionalProperties: false,
    },
    readOnly: true,
    run: (input, context) => read(input as unknown as ReadInput, context),
  }),
);

async function read(
  input: ReadInput,
  { tickets }: ToolContext,
): Promise<string | ReturnType<typeof toolError>> {
  if (input.key === undefined) {
    const { status, labels, limit = 50 } = input;
    const found = await tickets.find({ status, labels, limit: limit + 1 });
    const lines = found.slice(0, limit).map(toLine);
    if (found.length > limit) lines.push(`(more than ${limit}: narrow the question)`);
    return lines.length === 0 ? "No tickets." : lines.join("\n");
  }
  const key = parseTicketKey(input.key);
  const ticket = await tickets.get(key);
  if (ticket === undefined) return toolError(`There is no ticket ${key}.`);
  const whole = JSON.stringify(toDetails(ticket), null, 2);
  if (input.conversation !== true) return whole;
  const replies = await tickets.replies(key);
  const said = replies.map(({ message, author }) => `[${author ?? message.role}] ${textOf(message.content)}`);
  return `${whole}\n\n${said.join("\n\n")}`;
}

function toLine({ key, status, labels, task, priority }: Ticket): string {
  const text = typeof task === "string" ? task : JSON.stringify(task);
  const short = text.length > shownTask ? `${text.slice(0, shownTask).toWellFormed()}…` : text;
  const extras = [...labels, ...(priority === 0 ? [] : [`priority ${priority}`])].join(", ");
  return `${key} ${status}${extras === "" ? "" : ` [${extras}]`} ${short.replaceAll("\n", " ")}`;
}

function toDetails(ticket: Ticket): Record<string, unknown> {
  const { key, status, labels, task, priority, parent, blockedBy, agent, attempt, waiting, result, failure } =
    ticket;
  return { key, status, labels, task, priority, parent, blockedBy, agent, attempt, waiting, result, failure };
}
