/** How compatible servers differ from OpenAI; everything off is OpenAI itself. */
export interface ChatDialect {
  /** One piece, even when a stream was asked for. */
  readonly neverStreams?: boolean | undefined;
  /** No usage, even when asked for. */
  readonly omitUsage?: boolean | undefined;
  /** Tool calls without ids, as some builds of llama.cpp and Ollama send them. */
  readonly omitToolCallIds?: boolean | undefined;
  /** Arguments as an object instead of a string. */
  readonly argumentsAsObject?: boolean | undefined;
  /** `finish_reason: "stop"` with tool calls. */
  readonly stopWithToolCalls?: boolean | undefined;
  /** Where thinking is written. Default `reasoning_content` (DeepSeek, vLLM); `reasoning` (Ollama, OpenRouter). */
  readonly reasoningField?: "reasoning_content" | "reasoning" | undefined;
}
