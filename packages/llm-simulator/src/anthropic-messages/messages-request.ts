/** What is read of a messages request; after the types of Anthropic's SDK, everything optional until checked. */
export interface MessagesRequest {
  readonly model: string;
  readonly max_tokens: number;
  readonly system?: string | readonly MessagesBlock[];
  readonly messages: readonly MessagesMessage[];
  readonly tools?: readonly MessagesTool[];
  readonly tool_choice?: { readonly type?: string; readonly name?: string };
  readonly stream?: boolean;
}

export interface MessagesMessage {
  readonly role: string;
  readonly content: string | readonly MessagesBlock[];
}

/** All kinds of blocks in one: only the fields that are read. */
export interface MessagesBlock {
  readonly type: string;
  readonly text?: string;
  readonly source?: { readonly type?: string; readonly media_type?: string; readonly data?: string };
  readonly title?: string | null;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly tool_use_id?: string;
  readonly content?: string | readonly MessagesBlock[];
  readonly is_error?: boolean;
  readonly thinking?: string;
  readonly signature?: string;
  readonly data?: string;
  readonly cache_control?: unknown;
}

export interface MessagesTool {
  readonly name?: unknown;
  readonly description?: string;
  readonly input_schema?: unknown;
  readonly strict?: boolean;
  readonly cache_control?: unknown;
}

/** A string is shorthand for one text block. */
export function blocksOf(content: string | readonly MessagesBlock[] | undefined): readonly MessagesBlock[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : (content ?? []);
}
