/** What is read of a response and of the events of its stream. Compatible servers leave things out. */
export interface ResponsesReply {
  readonly status?: string | null;
  readonly model?: string | null;
  readonly output?: readonly OutputItem[] | null;
  readonly incomplete_details?: { readonly reason?: string | null } | null;
  readonly usage?: ResponsesUsage | null;
  readonly error?: unknown;
}

export type OutputItem = MessageItem & CallItem & ReasoningItem;

export interface MessageItem {
  readonly type?: string;
  readonly content?: readonly OutputPart[] | null;
}

export interface OutputPart {
  readonly type?: string;
  readonly text?: string | null;
  readonly refusal?: string | null;
}

export interface CallItem {
  readonly call_id?: string | null;
  readonly id?: string | null;
  readonly name?: string | null;
  readonly arguments?: string | null;
}

export interface ReasoningItem {
  readonly id?: string | null;
  readonly summary?: readonly OutputPart[] | null;
  /** Thinking in the open, as local servers show it. */
  readonly content?: readonly OutputPart[] | null;
  readonly encrypted_content?: string | null;
}

export interface ResponsesUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly input_tokens_details?: {
    readonly cached_tokens?: number | null;
    readonly cache_write_tokens?: number | null;
  } | null;
  readonly output_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
}

export interface ResponsesEvent {
  readonly type?: string;
  readonly delta?: unknown;
  readonly summary_index?: number;
  readonly item?: OutputItem | null;
  readonly response?: ResponsesReply | null;
}
