import { assertNever, isFinal, type Ticket, type TicketStatus, type Waiting } from "@agentwerk/core";
import { z } from "zod";
import { listedTaskLength, pageLength } from "../limits.ts";
import { pageText } from "./page-text.ts";

/** A ticket as clients get it. Long parts are cut; `result_cut` says that `ticket_get` has the rest. */
export interface TicketView {
  key: string;
  status: TicketStatus;
  task: string;
  labels?: string[] | undefined;
  priority?: number | undefined;
  blocked_by?: string[] | undefined;
  parent?: string | undefined;
  reporter?: string | undefined;
  agent?: string | undefined;
  /** What it asks a person. */
  question?: string | undefined;
  /** What it wants to call, and a person has to allow. */
  calls?: { call_id: string; hash: string; tool: string; input: unknown }[] | undefined;
  result?: unknown;
  result_cut?: boolean | undefined;
  failure?: { reason: string; message: string } | undefined;
  replies: number;
  created_at: string;
  finished_at?: string | undefined;
}

/** A ticket within a list. */
export type ListedTicket = Pick<
  TicketView,
  "key" | "status" | "task" | "labels" | "agent" | "question" | "created_at"
>;

const statuses = [
  "todo",
  "in_progress",
  "waiting",
  "done",
  "failed",
  "cancelled",
] as const satisfies TicketStatus[];

const listed = {
  key: z.string(),
  status: z.enum(statuses),
  task: z.string(),
  labels: z.array(z.string()).optional(),
  agent: z.string().optional(),
  question: z.string().optional(),
  created_at: z.string(),
};

export const listedTicket: z.ZodType<ListedTicket> = z.object(listed);

export const ticketView: z.ZodType<TicketView> = z.object({
  ...listed,
  priority: z.number().optional(),
  blocked_by: z.array(z.string()).optional(),
  parent: z.string().optional(),
  reporter: z.string().optional(),
  calls: z
    .array(z.object({ call_id: z.string(), hash: z.string(), tool: z.string(), input: z.unknown() }))
    .optional(),
  result: z.unknown().optional(),
  result_cut: z.boolean().optional(),
  failure: z.object({ reason: z.string(), message: z.string() }).optional(),
  replies: z.number(),
  finished_at: z.string().optional(),
});

export function toTicketView(ticket: Ticket): TicketView {
  const { result } = ticket;
  const isLong = result !== undefined && JSON.stringify(result).length > pageLength;
  return {
    key: ticket.key,
    status: ticket.status,
    task: cut(toText(ticket.task), pageLength),
    ...(ticket.labels.length > 0 && { labels: [...ticket.labels] }),
    ...(ticket.priority !== 0 && { priority: ticket.priority }),
    ...(ticket.blockedBy.length > 0 && { blocked_by: [...ticket.blockedBy] }),
    ...(ticket.parent !== undefined && { parent: ticket.parent }),
    ...(ticket.reporter !== undefined && { reporter: ticket.reporter }),
    ...(ticket.agent !== undefined && { agent: ticket.agent }),
    ...toPending(ticket.waiting),
    ...(result !== undefined && { result: isLong ? cut(toText(result), pageLength) : result }),
    ...(isLong && { result_cut: true }),
    ...(ticket.failure !== undefined && {
      failure: { reason: ticket.failure.reason, message: ticket.failure.message },
    }),
    replies: ticket.replies,
    created_at: toIso(ticket.createdAt),
    ...(ticket.finishedAt !== undefined && { finished_at: toIso(ticket.finishedAt) }),
  };
}

export function toListedTicket(ticket: Ticket): ListedTicket {
  const { key, status, labels, agent, question, created_at } = toTicketView(ticket);
  return {
    key,
    status,
    task: cut(toText(ticket.task), listedTaskLength),
    ...(labels !== undefined && { labels }),
    ...(agent !== undefined && { agent }),
    ...(question !== undefined && { question }),
    created_at,
  };
}

/** What a model has to know about a ticket, as lines. */
export function describeTicket(ticket: Ticket, now: number = Date.now()): string {
  const { key, status, failure, result, waiting } = ticket;
  switch (status) {
    case "todo":
      return ticket.blocked
        ? `${key} waits for ${ticket.blockedBy.join(", ")}.`
        : `${key} waits for a worker.`;
    case "in_progress":
      return `${key} ${describeHolder(ticket, now)}, ${describeTurns(ticket)} so far.`;
    case "waiting":
      return describeWaiting(key, waiting);
    case "done":
      return `${key} is done. Result:\n${describeResult(key, toText(result ?? null))}`;
    case "failed":
      return `${key} failed (${failure?.reason ?? "unknown"}): ${failure?.message ?? "no reason given"}`;
    case "cancelled":
      return `${key} was cancelled.`;
    default:
      return assertNever(status);
  }
}

/** One that nobody holds was given back, or left by a process that ended; the next worker goes on with it. */
function describeHolder({ agent = "an agent", lease }: Ticket, now: number): string {
  if (lease === undefined) return "waits for a worker to go on with it";
  if (lease.until > now) return `is being worked by ${agent}`;
  return `waits for a worker to go on with it since the lease of ${agent} ran out at ${toIso(lease.until)}`;
}

export function describeTurns({ work: { turns } }: Ticket): string {
  return `${turns} ${turns === 1 ? "turn" : "turns"}`;
}

/** A value as text: text as it is, anything else as JSON. */
export function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** Not between the halves of one character, which clients that are strict about JSON refuse. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

export function toIso(time: number): string {
  return new Date(time).toISOString();
}

/** When the ticket last changed its status, as far as it tells. */
export function changedAt(ticket: Ticket): number {
  return (isFinal(ticket.status) ? ticket.finishedAt : undefined) ?? ticket.startedAt ?? ticket.createdAt;
}

function describeResult(key: string, text: string): string {
  if (text.length <= pageLength) return text;
  const { text: page, next = "" } = pageText(text, undefined);
  return `${page}\n… cut after ${next} of ${text.length} characters; ticket_get with key ${key}, part "result" and cursor "${next}" goes on.`;
}

function describeWaiting(key: string, waiting: Waiting | undefined): string {
  switch (waiting?.for) {
    case "reply":
      return `${key} asks: ${waiting.question}\nAnswer with ticket_reply.`;
    case "approval": {
      const calls = waiting.calls.map(
        ({ callId, hash, tool, input }) =>
          `- ${tool} ${cut(JSON.stringify(input), 2_000)} (call_id ${callId}, hash ${hash})`,
      );
      return `${key} wants to call:\n${calls.join("\n")}\nA person decides; then ticket_approve.`;
    }
    case "children":
      return `${key} waits for tickets that it filed.`;
    case "blockers":
      return `${key} waits for ${waiting.blockers.join(", ")}.`;
    case undefined:
      return `${key} is parked.`;
    default:
      return assertNever(waiting);
  }
}

function toPending(waiting: Waiting | undefined): Pick<TicketView, "question" | "calls"> {
  switch (waiting?.for) {
    case "reply":
      return { question: waiting.question };
    case "approval":
      return {
        calls: waiting.calls.map(({ callId, hash, tool, input }) => ({ call_id: callId, hash, tool, input })),
      };
    case "children":
    case "blockers":
    case undefined:
      return {};
    default:
      return assertNever(waiting);
  }
}
