import type { StopReason } from "../provider/provider.ts";
import type { ProviderErrorCode } from "../provider/provider-error.ts";
import type { Usage } from "../provider/usage.ts";
import type { Amounts } from "../ticket/budget.ts";
import type { Waiting } from "../ticket/ticket.ts";
import type { TicketFailure } from "../ticket/ticket-failure.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { JsonValue } from "../util/json.ts";

/** Why a run ended. */
export type RunReason = "drained" | "stopped" | "policy" | "stalled";

/** A ticket that a run left open, and why no agent could take it. */
export interface UnclaimedTicket {
  readonly key: TicketKey;
  readonly reason: "no_agent" | "blocked" | "blocker_failed" | "parked" | "not_before" | "leased" | "budget";
  /** For people: names the label, the blocker or the question. */
  readonly message: string;
}

interface Payloads {
  run_started: { readonly worker: string };
  run_finished: { readonly worker: string; readonly reason: RunReason };
  run_stalled: { readonly worker: string; readonly unclaimed: readonly UnclaimedTicket[] };
  policy_violated: { readonly limit: string; readonly maximum: number; readonly value: number };

  ticket_created: { readonly reporter?: string | undefined; readonly parent?: TicketKey | undefined };
  ticket_started: { readonly attempt: number };
  /** Claimed again with its conversation: after waiting, a hand-back or a crash. */
  ticket_resumed: { readonly attempt: number };
  ticket_waiting: { readonly waiting: Waiting };
  /** Given back by its worker, unfinished. */
  ticket_released: Record<never, never>;
  ticket_replied: { readonly author?: string | undefined };
  ticket_edited: { readonly fields: readonly string[] };
  ticket_retried: { readonly note?: string | undefined; readonly model?: string | undefined };
  /** It was parked because a blocker had ended without being done; that one was retried. */
  ticket_unparked: Record<never, never>;
  ticket_done: Record<never, never>;
  ticket_failed: { readonly failure: TicketFailure };
  ticket_cancelled: { readonly reason?: string | undefined };

  turn_started: { readonly turn: number };
  request_started: { readonly model: string };
  request_finished: {
    readonly model: string;
    readonly stopReason: StopReason;
    readonly usage: Usage;
    readonly cost?: number | undefined;
    readonly durationMs: number;
  };
  request_retried: {
    /** From 1. */
    readonly retry: number;
    readonly delayMs: number;
    readonly reason: ProviderErrorCode;
    readonly message: string;
  };
  request_failed: { readonly reason: ProviderErrorCode | "internal_error"; readonly message: string };
  /** A worker left a request behind whose price nobody knows: its worst case counts as spent. */
  reservation_forfeited: Amounts;
  /** The reply did not end the ticket or did not fit its schema; the model was told what to mend. */
  schema_retried: { readonly retry: number; readonly message: string };
  /** Some or all tools of a source are missing. */
  tool_source_failed: { readonly source: string; readonly message: string };
  /** Arguments that were of the wrong form were put right before the tool ran. */
  response_repaired: { readonly tool: string; readonly callId: string; readonly repairs: readonly string[] };

  tool_call_started: { readonly tool: string; readonly callId: string; readonly input: JsonValue };
  tool_call_finished: { readonly tool: string; readonly callId: string; readonly durationMs: number };
  tool_call_failed: {
    readonly tool: string;
    readonly callId: string;
    readonly durationMs: number;
    readonly message: string;
  };

  /** A call waits for a person; the ticket is parked. */
  approval_requested: {
    readonly tool: string;
    readonly callId: string;
    readonly input: JsonValue;
    readonly hash: string;
  };
  approval_resolved: {
    readonly tool: string;
    readonly callId: string;
    readonly approved: boolean;
    readonly reason?: string | undefined;
    readonly by?: string | undefined;
  };

  compaction_started: { readonly inputTokens: number };
  /** Estimated tokens of the next request. */
  compaction_finished: { readonly before: number; readonly after: number };
  compaction_failed: { readonly message: string };

  knowledge_written: { readonly slug: string };
  knowledge_removed: { readonly slug: string };

  /** Not stored. */
  text_chunk_received: { readonly text: string };
  /** Not stored. */
  reasoning_chunk_received: { readonly text: string };
  /** Not stored. */
  tool_progress_reported: { readonly tool: string; readonly callId: string; readonly message: string };
}

export type EventType = keyof Payloads;

/** What every event carries. */
export interface EventHead {
  /**
   * Grows with every stored event of a namespace; a cursor for `events({ after })`.
   * An event that is not stored carries the id of the last stored one before it.
   */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly agent?: string | undefined;
  readonly ticket?: TicketKey | undefined;
  /** The ticket's labels; empty for events of a run. */
  readonly labels: readonly string[];
}

export type EventOf<Type extends EventType> = { readonly type: Type } & EventHead & Payloads[Type];

/** Everything that happens, as one union discriminated by `type`. */
export type AgentwerkEvent = { [Type in EventType]: EventOf<Type> }[EventType];

type DraftOf<Type extends EventType> = { readonly type: Type } & Omit<EventHead, "id" | "at"> &
  Payloads[Type];

/** An event before the store gave it its id and time. */
export type EventDraft = { [Type in EventType]: DraftOf<Type> }[EventType];

/** Sent to listeners as they happen and never stored: there are too many, and their sum is stored anyway. */
export const transientEventTypes: ReadonlySet<EventType> = new Set([
  "text_chunk_received",
  "reasoning_chunk_received",
  "tool_progress_reported",
]);
