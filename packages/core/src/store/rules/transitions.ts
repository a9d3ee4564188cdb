import type { EventDraft } from "../../event/event.ts";
import { addUsage, noUsage } from "../../provider/usage.ts";
import type { CallDecision, Waiting, Work } from "../../ticket/ticket.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import type { WorkDelta } from "../ticket-store.ts";
import type { TicketState } from "./ticket-state.ts";

const noLease = { worker: undefined, leaseUntil: undefined } as const;

export interface Start {
  readonly worker: string;
  readonly agent: string;
  readonly now: number;
  readonly leaseMs: number;
}

/** A claim: a new attempt when the ticket is `todo` or its last worker vanished, else a resume of the same one. */
export function startWork(state: TicketState, start: Start): { state: TicketState; event: EventDraft } {
  const isNew = state.status === "todo";
  const workerVanished = !isNew && state.worker !== undefined;
  const attempt = state.attempt + (isNew || workerVanished ? 1 : 0);
  return {
    state: {
      ...state,
      status: "in_progress",
      agent: start.agent,
      waiting: undefined,
      attempt,
      crashes: state.crashes + (workerVanished ? 1 : 0),
      work: { ...state.work, steps: state.work.steps + 1 },
      startedAt: state.startedAt ?? start.now,
      attemptStartedAt: isNew && state.failures !== undefined ? start.now : state.attemptStartedAt,
      token: state.token + 1,
      worker: start.worker,
      leaseUntil: start.now + start.leaseMs,
    },
    event: {
      type: isNew ? "ticket_started" : "ticket_resumed",
      agent: start.agent,
      ticket: state.key,
      labels: state.labels,
      attempt,
    },
  };
}

/** The lease ran out: anybody can claim the ticket, and its worker can still write until somebody does. */
export function expireLease(state: TicketState): TicketState {
  return { ...state, leaseUntil: undefined };
}

/** Back to the queue without a new attempt: given back, answered, or all children finished. */
export function offerAgain(state: TicketState): TicketState {
  return { ...state, ...noLease, status: "in_progress", waiting: undefined };
}

export function park(state: TicketState, waiting: Waiting): TicketState {
  return { ...state, ...noLease, status: "waiting", waiting };
}

/** A blocker ended without being done: the ticket is parked until all that did are retried. */
export function parkForBlockers(state: TicketState, blockers: readonly TicketKey[]): TicketState {
  return { ...state, status: "waiting", waiting: { for: "blockers", blockers } };
}

/** Back to the queue, where it waits for its blockers as if none had ended. */
export function unpark(state: TicketState): TicketState {
  return { ...state, status: "todo", waiting: undefined };
}

export function finish(
  state: TicketState,
  status: "done" | "failed" | "cancelled",
  now: number,
): TicketState {
  return { ...state, ...noLease, status, waiting: undefined, decisions: undefined, finishedAt: now };
}

export function reopen(state: TicketState): TicketState {
  return { ...state, ...noLease, status: "todo", waiting: undefined, crashes: 0, finishedAt: undefined };
}

export function addWork(work: Work, delta: WorkDelta): Work {
  return {
    steps: work.steps,
    turns: work.turns + (delta.turns ?? 0),
    requests: work.requests + (delta.requests ?? 0),
    toolCalls: work.toolCalls + (delta.toolCalls ?? 0),
    errors: work.errors + (delta.errors ?? 0),
    workMs: work.workMs + (delta.workMs ?? 0),
    usage: delta.usage === undefined ? work.usage : addUsage(work.usage, delta.usage),
    cost: work.cost + (delta.cost ?? 0),
  };
}

/** What was reserved counts as spent: whether the request was answered, and what it cost, nobody knows. */
export function forfeit(state: TicketState): TicketState {
  const { reserved } = state;
  if (reserved === undefined) return state;
  const { cost, inputTokens, outputTokens } = reserved;
  const usage = { ...noUsage, inputTokens, outputTokens };
  return { ...state, reserved: undefined, work: addWork(state.work, { usage, cost }) };
}

/** Without those on the calls with these ids; absent when none is left. */
export function withoutDecisions(
  decisions: readonly CallDecision[] | undefined,
  callIds: readonly string[],
): readonly CallDecision[] | undefined {
  if (decisions === undefined || callIds.length === 0) return decisions;
  const left = decisions.filter(({ callId }) => !callIds.includes(callId));
  return left.length === 0 ? undefined : left;
}

/** Keeps a decision; with the last one the ticket can be claimed again. */
export function decide(state: TicketState, decision: CallDecision): TicketState {
  const decisions = [...(state.decisions ?? []), decision];
  const calls = state.waiting?.for === "approval" ? state.waiting.calls : [];
  const isLast = calls.every(({ callId }) => decisions.some((made) => made.callId === callId));
  return { ...(isLast ? offerAgain(state) : state), decisions };
}
