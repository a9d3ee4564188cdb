/** What is read of a chat completion. Compatible servers leave things out and bend types, so everything is optional. */
export interface ChatCompletion {
  readonly model?: string | null;
  readonly choices?: readonly ChatChoice[] | null;
  readonly usage?: ChatUsage | null;
  readonly error?: unknown;
}

export interface ChatChoice {
  readonly message?: ChatAnswer | null;
  /** In place of `message`, in a stream. */
  readonly delta?: ChatAnswer | null;
  readonly finish_reason?: string | null;
  /** OpenRouter: why the reply broke off. */
  readonly error?: unknown;
}

export interface ChatAnswer {
  readonly content?: string | readonly ChatAnswerPart[] | null;
  readonly refusal?: string | null;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  /** LiteLLM: Anthropic's thinking with its proofs, beside `reasoning_content`. */
  readonly thinking_blocks?: readonly ChatThinkingBlock[] | null;
  readonly tool_calls?: readonly ChatAnswerCall[] | null;
}

export interface ChatThinkingBlock {
  readonly type?: string;
  readonly thinking?: string | null;
  readonly signature?: string | null;
  /** Of a block that is `redacted_thinking`. */
  readonly data?: string | null;
}

export interface ChatAnswerPart {
  readonly type?: string;
  readonly text?: string;
}

export interface ChatAnswerCall {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
}

export interface ChatUsage {
  readonly prompt_tokens?: number | null;
  readonly completion_tokens?: number | null;
  readonly prompt_tokens_details?: {
    readonly cached_tokens?: number | null;
    readonly cache_write_tokens?: number | null;
  } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
  /** US dollars; OpenRouter, and LiteLLM in streams. */
  readonly cost?: unknown;
  /** DeepSeek. */
  readonly prompt_cache_hit_tokens?: number | null;
}
