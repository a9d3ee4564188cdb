import type { Message } from "../provider/content.ts";

/** What a message is for. `prompt` opens the conversation; a `directive` is a correction that the loop wrote. */
export type ReplyPurpose = "prompt" | "answer" | "tool_results" | "directive" | "comment";

/** A message before the store gave it its place. */
export interface ReplyDraft {
  readonly message: Message;
  readonly purpose: ReplyPurpose;
  /** The agent or person that wrote it. */
  readonly author?: string | undefined;
}

/** One message of a ticket's conversation. */
export interface Reply extends ReplyDraft {
  /** Place in the conversation, from 0, without gaps. */
  readonly index: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
