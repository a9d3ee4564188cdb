import type { AgentwerkEvent } from "../../event/event.ts";
import type { Amounts } from "../../ticket/budget.ts";
import type { Reply } from "../../ticket/reply.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import type { BudgetWindow } from "../rules/budget-window.ts";
import type { TicketBody, TicketEnd, TicketState } from "../rules/ticket-state.ts";

/** Grows when a record changes its form. */
export const recordVersion = 1;

/**
 * A piece of a namespace. Together, in this order and each kind by its key, they are all of it, and the same for every
 * engine: what follows from them (the queue, idempotency keys, counts of open tickets) is not among them.
 */
export type StoreRecord =
  | {
      readonly kind: "namespace";
      readonly version: typeof recordVersion;
      /** The greatest numbers that were given out; pruned tickets had some, too. */
      readonly lastTicket: number;
      readonly lastEvent: number;
      readonly budgetWindow?: BudgetWindow | undefined;
    }
  | {
      readonly kind: "ticket";
      readonly state: TicketState;
      readonly body: TicketBody;
      readonly end?: TicketEnd | undefined;
    }
  | { readonly kind: "reply"; readonly ticket: TicketKey; readonly reply: Reply }
  /** `blocked` was inserted to wait for `blocker`, which is not done. */
  | { readonly kind: "blocker"; readonly blocker: TicketKey; readonly blocked: TicketKey }
  | { readonly kind: "event"; readonly event: AgentwerkEvent }
  /** Sums in the order of `tallyFields`, with those of pruned tickets. A label's is left out where all of them are 0. */
  | { readonly kind: "tally"; readonly label: string; readonly sums: readonly number[] }
  | { readonly kind: "envelope"; readonly ticket: TicketKey; readonly spent: Amounts }
  /** Always the last one, so that a stream that was cut is known from a whole one. */
  | { readonly kind: "end"; readonly tickets: number; readonly replies: number; readonly events: number };

/** The same state with its fields in one order, whatever engine it was read from. */
export function orderedState(state: TicketState): TicketState {
  const { work } = state;
  const { usage } = work;
  return {
    key: state.key,
    status: state.status,
    labels: state.labels,
    priority: state.priority,
    notBefore: state.notBefore,
    parent: state.parent,
    agent: state.agent,
    waiting: state.waiting,
    decisions: state.decisions,
    attempt: state.attempt,
    crashes: state.crashes,
    replies: state.replies,
    work: {
      steps: work.steps,
      turns: work.turns,
      requests: work.requests,
      toolCalls: work.toolCalls,
      errors: work.errors,
      workMs: work.workMs,
      usage: {
        inputTokens: usage.inputTokens,
        outputTokens: usage.outputTokens,
        cacheReadTokens: usage.cacheReadTokens,
        cacheWriteTokens: usage.cacheWriteTokens,
        reasoningTokens: usage.reasoningTokens,
      },
      cost: work.cost,
    },
    createdAt: state.createdAt,
    startedAt: state.startedAt,
    finishedAt: state.finishedAt,
    token: state.token,
    worker: state.worker,
    leaseUntil: state.leaseUntil,
    openBlockers: state.openBlockers,
    openChildren: state.openChildren,
    dependents: state.dependents,
    model: state.model,
    envelopes: state.envelopes,
    reserved: state.reserved,
    failures: state.failures,
    attemptStartedAt: state.attemptStartedAt,
    queuedAt: state.queuedAt,
  };
}
