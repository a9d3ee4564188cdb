import type { Message } from "../provider/content.ts";
import type { JsonValue } from "../util/json.ts";

/**
 * What a message is for. `prompt` opens the conversation; a `directive` is a correction that the loop wrote; a
 * `summary` stands for the messages before it, but the first and the newest; `waiting` are the results of a
 * turn that parked for the ticket's children, `outcomes` what became of those. `asked` is a question that a call put to
 * a person while it stays open, `answered` says that it is about to run again; the model is shown neither.
 */
export type ReplyPurpose =
  | "prompt"
  | "answer"
  | "tool_results"
  | "directive"
  | "comment"
  | "summary"
  | "waiting"
  | "outcomes"
  | "asked"
  | "answered";

/** A message before the store gave it its place. */
export interface ReplyDraft {
  readonly message: Message;
  readonly purpose: ReplyPurpose;
  /** The agent or person that wrote it. */
  readonly author?: string | undefined;
  /** Of a summary: how many of the messages right before it go on behind it. */
  readonly keeps?: number | undefined;
  /**
   * Of an answer or a summary: how many of people's comments its writer knew. Those that were stored before it and are not
   * among them came while it was made, and go on behind it.
   */
  readonly heard?: number | undefined;
  /** Of `asked` and `answered`: the call, and the arguments that it runs with where a person edited them. */
  readonly call?: { readonly id: string; readonly input?: JsonValue | undefined } | undefined;
}

/** One message of a ticket's conversation. */
export interface Reply extends ReplyDraft {
  /** Place in the conversation, from 0, without gaps. */
  readonly index: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
