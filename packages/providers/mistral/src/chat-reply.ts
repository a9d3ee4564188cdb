/** What is read of a reply, whole or in pieces. Everything is optional: compatible servers leave things out. */
export interface ChatReply {
  readonly model?: string | null;
  readonly choices?: readonly ChatChoice[] | null;
  readonly usage?: ChatUsage | null;
}

export interface ChatChoice {
  readonly message?: ChatAnswer | null;
  /** In place of `message`, in a stream. */
  readonly delta?: ChatAnswer | null;
  readonly finish_reason?: string | null;
}

export interface ChatAnswer {
  readonly content?: string | readonly ChatChunk[] | null;
  readonly tool_calls?: readonly ChatCall[] | null;
}

export interface ChatChunk {
  readonly type?: string;
  readonly text?: string;
  readonly thinking?: readonly { readonly text?: string }[] | null;
  readonly signature?: string | null;
}

export interface ChatCall {
  readonly id?: string | null;
  readonly index?: number | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
}

export interface ChatUsage {
  readonly prompt_tokens?: number | null;
  readonly completion_tokens?: number | null;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
  readonly num_cached_tokens?: number | null;
}
