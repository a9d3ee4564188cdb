import { textBlock } from "../provider/content.ts";
import type { TicketUpdate } from "../store/ticket-store.ts";
import { isFinal } from "../ticket/ticket.ts";
import { parseTicketKey } from "../ticket/ticket-key.ts";
import { assertNever } from "../util/assert-never.ts";
import { lazily } from "../util/lazily.ts";
import { defineTool } from "./define-tool.ts";
import { describeOutcomes } from "./describe-outcomes.ts";
import type { Tool } from "./tool.ts";
import type { ToolContext } from "./tool-context.ts";
import { parkTicket, type ToolResult, toolError } from "./tool-result.ts";

/** What the input schema lets through. */
interface ManageInput {
  readonly action: "create" | "edit" | "reply" | "cancel" | "retry" | "wait";
  readonly key?: string;
  readonly task?: string;
  readonly labels?: readonly string[];
  readonly priority?: number;
  readonly blocked_by?: readonly string[];
  readonly tickets?: readonly NewTicket[];
  readonly text?: string;
}

/** One of several tickets that are created together. */
interface NewTicket {
  readonly name?: string;
  readonly task: string;
  readonly labels?: readonly string[];
  readonly priority?: number;
  readonly blocked_by?: readonly string[];
}

const labels = { type: "array", items: { type: "string", minLength: 1 } } as const;
const priority = { type: "number", description: "Higher goes first; 0 unless given." } as const;

/** The tool by which an agent files tickets and steers those that exist. */
export const manageTickets: () => Tool = lazily(() =>
  defineTool({
    name: "manage_tickets",
    description:
      "Files and steers tickets. create: a new ticket with task, labels (who takes it), priority and blocked_by, or several at once in tickets, which can name each other in blocked_by; answers with their keys at once, not with results. edit: changes task, labels or priority of a ticket that nobody has started. reply: adds text to a ticket's conversation. cancel: ends a ticket without result. retry: puts a failed ticket back on the queue, with text as a note. wait: pauses you until all tickets that you created here are finished, and then brings their results; create all of them first.",
    input: {
      type: "object",
      properties: {
        action: { type: "string", enum: ["create", "edit", "reply", "cancel", "retry", "wait"] },
        key: {
          type: "string",
          description: "The ticket, as TICKET-12; for every action but create and wait.",
        },
        task: {
          type: "string",
          minLength: 1,
          description:
            "For create and edit; complete in itself, and JSON where the tickets of its label are JSON.",
        },
        labels,
        priority,
        blocked_by: {
          type: "array",
          items: { type: "string" },
          description: "Keys that must be done first; for create.",
        },
        tickets: {
          type: "array",
          minItems: 1,
          description: "For create, instead of task: several tickets, all of them or none.",
          items: {
            type: "object",
            properties: {
              name: { type: "string", description: "By which the others here mean it in blocked_by." },
              task: { type: "string", minLength: 1 },
              labels,
              priority,
              blocked_by: { type: "array", items: { type: "string" }, description: "Keys or names." },
            },
            required: ["task"],
            additionalProperties: false,
          },
        },
        text: { type: "string", description: "The reply, the reason of a cancel, or the note of a retry." },
      },
      required: ["action"],
      additionalProperties: false,
    },
    run: (input, context) => manage(input as unknown as ManageInput, context),
  }),
);

async function manage(input: ManageInput, context: ToolContext): Promise<string | ToolResult> {
  const { tickets, ticket, agent } = context;
  if (input.action === "wait") return waitForChildren(context);
  if (input.action === "create") return create(input, context);
  if (input.key === undefined) return toolError(`key is missing: which ticket to ${input.action}?`);
  const key = parseTicketKey(input.key);
  if (key === ticket.key) return toolError(`${key} is the ticket you work on; end it with write_result.`);
  const update = toUpdate(input, agent);
  if (update === undefined) return toolError("text is missing: say what to reply.");
  const { status } = await tickets.update(key, update);
  return `${key} is now ${status}.`;
}

async function create(input: ManageInput, context: ToolContext): Promise<string | ToolResult> {
  const { tickets, ticket, agent, callId } = context;
  if (input.task === undefined && input.tickets === undefined) {
    return toolError("task is missing: say what the new ticket asks for.");
  }
  if (input.task !== undefined && input.tickets !== undefined) {
    return toolError("Give either task, for one ticket, or tickets, for several.");
  }
  const single = { ...input, task: input.task ?? "" };
  const wanted: readonly NewTicket[] = input.tickets ?? [single];
  const created = await tickets.create(
    wanted.map(({ name, task, labels, priority, blocked_by }, place) => ({
      ref: name,
      task,
      labels,
      priority,
      blockedBy: blocked_by,
      parent: ticket.key,
      reporter: agent,
      idempotencyKey: input.tickets === undefined ? callId : `${callId}:${place}`,
    })),
  );
  const keys = created.map(({ key }, place) => {
    const name = wanted[place]?.name;
    return name === undefined ? key : `${key} (${name})`;
  });
  return `Created ${keys.join(", ")}.`;
}

async function waitForChildren({ tickets, ticket }: ToolContext): Promise<string | ToolResult> {
  const children = await tickets.find({ parent: ticket.key });
  if (children.length === 0) return toolError("You have created no ticket to wait for.");
  if (children.every(({ status }) => isFinal(status))) return describeOutcomes(children);
  const message = "You are paused until the tickets that you created are finished. Their results follow.";
  return parkTicket({ waiting: { for: "children" }, message });
}

function toUpdate(input: ManageInput, author: string): TicketUpdate | undefined {
  const { action, task, labels, priority, text } = input;
  switch (action) {
    case "edit":
      return { type: "edit", task, labels, priority };
    case "reply":
      return text === undefined ? undefined : { type: "reply", content: [textBlock(text)], author };
    case "cancel":
      return { type: "cancel", reason: text };
    case "retry":
      return { type: "retry", note: text, labels };
    case "create":
    case "wait":
      return undefined;
    default:
      return assertNever(action);
  }
}
