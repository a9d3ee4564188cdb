import type { Usage } from "@agentwerk/core";
import type { MessagesUsage } from "./messages-reply.ts";

/** Anthropic counts apart what was read from and written to the cache; here it is part of the input. */
export function toUsage(usage: MessagesUsage): Usage {
  const cacheReadTokens = usage.cache_read_input_tokens ?? 0;
  const cacheWriteTokens = usage.cache_creation_input_tokens ?? 0;
  return {
    inputTokens: (usage.input_tokens ?? 0) + cacheReadTokens + cacheWriteTokens,
    outputTokens: usage.output_tokens ?? 0,
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}
