import type { IncomingHttpHeaders } from "node:http";
import type { Conversation } from "../conversation.ts";
import type { FaultKind } from "../fault/fault.ts";
import type { FinishedReply } from "../reply/reply.ts";

/** A model request as it came in, and what became of it. */
export interface RecordedRequest {
  /** From 1. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `openai-chat`. */
  readonly format: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; `undefined` when it is not JSON. */
  readonly body: unknown;
  /** Absent when the request was refused as malformed. */
  readonly conversation: Conversation | undefined;
  /** HTTP status; `undefined` until there is one. */
  readonly status: number | undefined;
  readonly fault: FaultKind | undefined;
  /** Absent for a failure. */
  readonly reply: FinishedReply | undefined;
  /** The client went away before all was sent. */
  readonly aborted: boolean;
}

/** A request while it is being answered. */
export type RequestRecord = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] };
