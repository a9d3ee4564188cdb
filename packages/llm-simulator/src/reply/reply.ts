import type { Fault } from "../fault/fault.ts";

export interface ReplyToolCall {
  readonly name: string;
  /** Written as JSON. Default `{}`. */
  readonly input?: unknown;
  /** The arguments as they go over the wire; wins over `input`. */
  readonly arguments?: string | undefined;
  /** Made up and unique unless given. */
  readonly id?: string | undefined;
}

/** Numbers that replace the ones computed from the length of the text. */
export interface ReplyUsage {
  /** Cached tokens included. */
  readonly inputTokens?: number | undefined;
  /** Reasoning included. */
  readonly outputTokens?: number | undefined;
  readonly cachedTokens?: number | undefined;
  /** Also part of the input tokens. */
  readonly cacheWriteTokens?: number | undefined;
  readonly reasoningTokens?: number | undefined;
}

/** The last two are Anthropic's; other formats write what comes closest. */
export type ReplyStop =
  | "end_turn"
  | "tool_calls"
  | "max_output_tokens"
  | "content_filtered"
  | "paused"
  | "context_window_full";

export interface ReplyOptions {
  readonly text?: string | undefined;
  /** Thinking that the client may see. */
  readonly reasoning?: string | undefined;
  /**
   * The vendor's proof of the thinking, in the formats that have one; made up where there is thinking. A signature
   * without `reasoning` is thinking that stays hidden.
   */
  readonly signature?: string | undefined;
  readonly toolCalls?: readonly ReplyToolCall[] | undefined;
  /** The model's own words for declining. */
  readonly refusal?: string | undefined;
  /** Follows from the rest unless given. */
  readonly stop?: ReplyStop | undefined;
  readonly usage?: ReplyUsage | undefined;
  readonly fault?: Fault | undefined;
}

/** What the simulated model says: a text, or its parts. */
export type Reply = string | ReplyOptions;

export interface FinishedToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface FinishedUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
}

/** A reply with everything decided; a wire format only has to write it down. */
export interface FinishedReply {
  /** Of the request, from 1: the source of all made-up ids. */
  readonly number: number;
  readonly model: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly text: string;
  readonly reasoning: string;
  readonly signature: string | undefined;
  readonly refusal: string | undefined;
  readonly toolCalls: readonly FinishedToolCall[];
  readonly stop: ReplyStop;
  readonly usage: FinishedUsage;
}
