import { AgentwerkError, assertNever, isFinal, type PendingCall, type Ticket } from "@agentwerk/core";
import { approvalForm, type Elicited, elicited, readDecision } from "../tickets/approval-form.ts";
import type { TicketAccess } from "../tickets/ticket-access.ts";
import { changedAt, describeTicket, toIso, toText, toTicketView } from "../tickets/ticket-view.ts";
import type { DetailedTask, InputResponses, TaskSource } from "./task-source.ts";

const pollIntervalMs = 1_000;

/** Tickets as tasks: a ticket that waits for a person is a task that requires input. */
export function ticketTasks(access: TicketAccess, { canSteer }: { readonly canSteer: boolean }): TaskSource {
  const steer = async (taskId: string): Promise<Ticket> => {
    const ticket = await access.get(taskId);
    if (canSteer) return ticket;
    const message = `${taskId} can be looked at, not changed: this client has the profile read.`;
    throw new AgentwerkError({ code: "invalid_input", message });
  };
  return {
    async get(taskId) {
      return toTask(await access.get(taskId));
    },
    async update(taskId, responses) {
      const ticket = await steer(taskId);
      for (const request of requestsOf(ticket)) await request.answer(access, read(responses, request.key));
    },
    async cancel(taskId) {
      const ticket = await steer(taskId);
      if (!isFinal(ticket.status)) await access.tickets.cancel(ticket.key, `by ${access.principal.name}`);
    },
  };
}

function toTask(ticket: Ticket): DetailedTask {
  const base = {
    taskId: ticket.key,
    createdAt: toIso(ticket.createdAt),
    lastUpdatedAt: toIso(changedAt(ticket)),
    ttlMs: null,
    pollIntervalMs,
  };
  switch (ticket.status) {
    case "todo":
    case "in_progress":
      return { ...base, status: "working", statusMessage: describeTicket(ticket) };
    case "waiting": {
      const requests = requestsOf(ticket);
      const statusMessage = describeTicket(ticket);
      if (requests.length === 0) return { ...base, status: "working", statusMessage };
      const inputRequests = Object.fromEntries(
        requests.map(({ key, params }) => [key, { method: "elicitation/create", params }]),
      );
      return { ...base, status: "input_required", statusMessage, inputRequests };
    }
    case "done":
    case "failed":
      // `failed` is for errors of the protocol; a ticket that failed is a call that answered with an error.
      return { ...base, status: "completed", result: toResult(ticket) };
    case "cancelled":
      return { ...base, status: "cancelled" };
    default:
      return assertNever(ticket.status);
  }
}

function toResult(ticket: Ticket): object {
  return {
    resultType: "complete",
    content: [{ type: "text", text: describeTicket(ticket) }],
    structuredContent: { ticket: toTicketView(ticket), settled: true },
    ...(ticket.status === "failed" && { isError: true }),
  };
}

interface InputRequest {
  readonly key: string;
  /** Of `elicitation/create`. */
  readonly params: object;
  answer(access: TicketAccess, given: Elicited | undefined): Promise<void>;
}

/** What a ticket asks a person, each under a key of its own for all its life. */
function requestsOf(ticket: Ticket): readonly InputRequest[] {
  const { waiting } = ticket;
  if (waiting?.for === "reply") return [replyRequest(ticket, waiting.question)];
  if (waiting?.for !== "approval") return [];
  const decided = new Set((ticket.decisions ?? []).map(({ callId, hash }) => `${callId} ${hash}`));
  return waiting.calls
    .filter(({ callId, hash }) => !decided.has(`${callId} ${hash}`))
    .map((call) => approvalRequest(ticket, call));
}

function replyRequest({ key: ticket, replies }: Ticket, question: string): InputRequest {
  return {
    // The conversation only grows, so no later question stands at the same place.
    key: `reply-${replies}`,
    params: {
      mode: "form",
      message: question,
      requestedSchema: {
        type: "object",
        properties: { reply: { type: "string", title: "Reply" } },
        required: ["reply"],
      },
    },
    async answer(access, given) {
      if (given === undefined || given.action === "cancel") return;
      const text =
        given.action === "decline" ? "The person declined to answer." : toText(given.content?.reply ?? "");
      if (text.trim() === "") return;
      await access.tickets.reply(ticket, text, { author: access.principal.name });
    },
  };
}

function approvalRequest({ key: ticket, replies }: Ticket, call: PendingCall): InputRequest {
  const { callId, hash, tool, input } = call;
  return {
    key: `approval-${replies}-${callId}`,
    params: approvalForm(ticket, { tool, input }),
    async answer(access, given) {
      const decision = readDecision(given);
      if (decision === undefined) return;
      const { kind, ...rest } = decision;
      const by = access.principal.name;
      if (kind === "approve") await access.tickets.approve(ticket, { callId, hash }, { by });
      else await access.tickets.reject(ticket, { callId, hash }, { by, ...rest });
    },
  };
}

/** An answer that is not of the right form counts as none. */
function read(responses: InputResponses, key: string): Elicited | undefined {
  return Object.hasOwn(responses, key) ? elicited.safeParse(responses[key]).data : undefined;
}
