import type { Usage } from "../provider/usage.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import type { JsonValue } from "../util/json.ts";
import type { Amounts, Envelope } from "./budget.ts";
import type { FailedAttempt } from "./failed-attempt.ts";
import type { TicketFailure } from "./ticket-failure.ts";
import type { TicketKey } from "./ticket-key.ts";

/** `done`, `failed` and `cancelled` are final: the first outcome is the last. */
export type TicketStatus = "todo" | "in_progress" | "waiting" | "done" | "failed" | "cancelled";

export const finalStatuses: readonly TicketStatus[] = ["done", "failed", "cancelled"];

export function isFinal(status: TicketStatus): status is "done" | "failed" | "cancelled" {
  return status === "done" || status === "failed" || status === "cancelled";
}

/** A tool call that a person has to decide on: exactly this one, with exactly these arguments. */
export interface PendingCall {
  readonly callId: string;
  readonly tool: string;
  readonly input: JsonValue;
  /** Of tool and arguments: a decision names it, so that one made on other arguments is refused. */
  readonly hash: string;
}

/** What a person decided about a call. */
export interface CallDecision {
  readonly callId: string;
  readonly hash: string;
  readonly verdict: "approved" | "rejected";
  /** Arguments to run it with instead of its own. */
  readonly input?: JsonValue | undefined;
  /** Told to the agent. */
  readonly reason?: string | undefined;
  readonly by?: string | undefined;
}

/** What a parked ticket waits for. */
export type Waiting =
  | { readonly for: "reply"; readonly question: string }
  | { readonly for: "children" }
  /** These blockers failed or were cancelled, of very many the first 100; a retry of all puts the ticket back to `todo`. */
  | { readonly for: "blockers"; readonly blockers: readonly TicketKey[] }
  | { readonly for: "approval"; readonly calls: readonly PendingCall[] };

/** `wait`: it is parked until the blocker is retried. `fail`: it fails with the reason `blocked`, in the same transaction. */
export type BlockerPolicy = "wait" | "fail";

/** What a ticket's work used so far, over all its attempts. */
export interface Work {
  /** Times that a worker picked it up. */
  readonly steps: number;
  readonly turns: number;
  readonly requests: number;
  readonly toolCalls: number;
  /** Failed requests and failed tool calls. */
  readonly errors: number;
  /** Milliseconds that workers spent on it. */
  readonly workMs: number;
  readonly usage: Usage;
  /** US dollars; requests to models without a price count as 0, and those whose price nobody learnt, under a budget, with their worst case. */
  readonly cost: number;
}

export interface Ticket {
  readonly key: TicketKey;
  readonly task: JsonValue;
  /** Sorted, without duplicates. */
  readonly labels: readonly string[];
  /** What the result has to look like; absent: any JSON value. */
  readonly schema?: JsonSchema | undefined;
  readonly status: TicketStatus;
  /** Higher goes first; 0 unless given. */
  readonly priority: number;
  /** Milliseconds since the epoch; not claimed before. */
  readonly notBefore?: number | undefined;
  /** Tickets that must be `done` before this one is claimed. */
  readonly blockedBy: readonly TicketKey[];
  /** Whether it has not been started because one of them is not. */
  readonly blocked: boolean;
  /** What a blocker that fails or is cancelled does to it; `wait` unless given. */
  readonly onBlockerFailed?: BlockerPolicy | undefined;
  readonly parent?: TicketKey | undefined;
  /** Who filed it: a person, an agent's name, an MCP principal. */
  readonly reporter?: string | undefined;
  /** Values for `{name}` places in the task and in the agent's role. */
  readonly templateVariables?: Readonly<Record<string, string>> | undefined;
  /** A second insert with the same key answers with this ticket instead of making another. */
  readonly idempotencyKey?: string | undefined;
  /** Present while `status` is `waiting`. */
  readonly waiting?: Waiting | undefined;
  /** What was decided about calls that have not run since. */
  readonly decisions?: readonly CallDecision[] | undefined;
  /** The agent that works or worked it last. */
  readonly agent?: string | undefined;
  /** Workers that vanished with it since it was filed or last retried. */
  readonly crashes: number;
  /** While a worker holds it: who, and until when unless the lease is renewed, in milliseconds since the epoch. */
  readonly lease?: { readonly worker: string; readonly until: number } | undefined;
  /** 0 before the first claim; one more for each new start, be it after a crash or a retry. A resume after waiting is none. */
  readonly attempt: number;
  /** Present exactly when `status` is `done`: valid JSON against `schema`, before the user's own transforms. */
  readonly result?: JsonValue | undefined;
  /** Present exactly when `status` is `failed`. */
  readonly failure?: TicketFailure | undefined;
  /** Every attempt that failed, the oldest first, the one behind `failure` included. */
  readonly failures?: readonly FailedAttempt[] | undefined;
  /** The model to use instead of its agent's, as a retry named it: `anthropic:claude-sonnet-4-5`. */
  readonly model?: string | undefined;
  /** What it and its descendants may spend; its own budget first, then those of its ancestors. */
  readonly envelopes?: readonly Envelope[] | undefined;
  /** Set aside for the request that its worker has under way, where a budget holds. */
  readonly reserved?: Amounts | undefined;
  /** Messages in its conversation. */
  readonly replies: number;
  readonly work: Work;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly startedAt?: number | undefined;
  readonly finishedAt?: number | undefined;
}
