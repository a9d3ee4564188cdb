/** What OpenAI has and a compatible server may lack, or do differently. */
export interface CompatibilityOptions {
  /** Default `max_completion_tokens` for OpenAI and for its reasoning models, else `max_tokens`. */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens" | undefined;
  /** False: usage is not asked for while streaming, because the server refuses `stream_options`. Default true. */
  readonly streamUsage?: boolean | undefined;
  /** Sent with the tools when given: whether one reply may hold several calls. The server decides by default. */
  readonly parallelToolCalls?: boolean | undefined;
  /** True: tools whose schema means the same in strict mode are marked `strict`. Default true for OpenAI, else false. */
  readonly strictTools?: boolean | undefined;
  /** The role of the system prompt. Default `system`. */
  readonly systemRole?: "system" | "developer" | undefined;
  /**
   * The field in which a server wants its model's thinking back: as a text, as DeepSeek does, or in blocks with the
   * vendor's proofs, as LiteLLM does. Default: not sent.
   */
  readonly reasoningField?: "reasoning_content" | "reasoning" | "thinking_blocks" | undefined;
}

export interface Compatibility {
  /** `undefined`: by the name of the model. */
  readonly maxTokensField: "max_tokens" | "max_completion_tokens" | undefined;
  readonly streamUsage: boolean;
  readonly parallelToolCalls: boolean | undefined;
  readonly strictTools: boolean;
  readonly systemRole: "system" | "developer";
  readonly reasoningField: "reasoning_content" | "reasoning" | "thinking_blocks" | undefined;
}

export function resolveCompatibility(options: CompatibilityOptions, isOpenAI: boolean): Compatibility {
  return {
    maxTokensField: options.maxTokensField ?? (isOpenAI ? "max_completion_tokens" : undefined),
    streamUsage: options.streamUsage ?? true,
    parallelToolCalls: options.parallelToolCalls,
    strictTools: options.strictTools ?? isOpenAI,
    systemRole: options.systemRole ?? "system",
    reasoningField: options.reasoningField,
  };
}
