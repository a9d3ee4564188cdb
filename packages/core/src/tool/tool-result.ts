import type { UserContent } from "../provider/content.ts";
import type { Waiting } from "../ticket/ticket.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";
import type { JsonValue } from "../util/json.ts";

/** A failure that the model should read and work around. */
export interface ToolError {
  readonly kind: "error";
  readonly message: string;
}

/** Content blocks, for images and documents. */
export interface ToolContent {
  readonly kind: "content";
  readonly content: readonly UserContent[];
}

/**
 * Puts a question to a person in the middle of a call: the ticket waits without a worker, the call stays open, and runs
 * again from its beginning with the answer among `context.answers`. What it did before it asked happens twice, so ask first.
 */
export interface AskPerson {
  readonly kind: "ask";
  /** Complete, so that it can be answered without knowing the conversation. */
  readonly question: string;
}

/** Ends the ticket with a result that was checked, and files follow-ups in the same commit. */
export interface FinishTicket {
  readonly kind: "finish";
  readonly result: JsonValue;
  readonly children?: readonly TicketDraft[];
  /** What stands in the conversation as the call's result. */
  readonly message: string;
}

/** Ends the ticket as failed: the agent says that it cannot be done. */
export interface GiveUpTicket {
  readonly kind: "give_up";
  readonly message: string;
}

/** Parks the ticket; the call's result is what it waited for. */
export interface ParkTicket {
  readonly kind: "park";
  readonly waiting: Waiting;
  readonly message: string;
}

/** The finishing call was not acceptable: counts as a schema retry. */
export interface RetryResult {
  readonly kind: "retry";
  readonly message: string;
}

/** What only a control tool may return. */
export type ControlResult = FinishTicket | GiveUpTicket | ParkTicket | RetryResult;

export type ToolResult = ToolError | ToolContent | AskPerson | ControlResult;

/** What `run` may return: text, any JSON value, nothing, or one of the above. */
export type ToolReturn = string | JsonValue | ToolResult | undefined | void;

const made = new WeakSet<object>();

/** A failure for the model, not for the program: "No such file; did you mean src/index.ts?" */
export function toolError(message: string): ToolError {
  return mark({ kind: "error", message });
}

/** Images, documents and text, in order. */
export function toolContent(content: readonly UserContent[]): ToolContent {
  return mark({ kind: "content", content });
}

/** Not for control tools, whose calls run once. */
export function askPerson(question: string): AskPerson {
  return mark({ kind: "ask", question });
}

export function finishTicket(options: Omit<FinishTicket, "kind">): FinishTicket {
  return mark({ kind: "finish", ...options });
}

export function giveUpTicket(message: string): GiveUpTicket {
  return mark({ kind: "give_up", message });
}

export function parkTicket(options: Omit<ParkTicket, "kind">): ParkTicket {
  return mark({ kind: "park", ...options });
}

export function retryResult(message: string): RetryResult {
  return mark({ kind: "retry", message });
}

/** A tool's JSON can look like anything, so results are recognised by identity, not by their fields. */
export function isToolResult(value: unknown): value is ToolResult {
  return typeof value === "object" && value !== null && made.has(value);
}

function mark<Result extends ToolResult>(result: Result): Result {
  made.add(result);
  return result;
}
