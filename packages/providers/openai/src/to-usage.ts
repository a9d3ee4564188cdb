import type { Usage } from "@agentwerk/core";
import { noUsage } from "@agentwerk/core";
import type { ChatUsage } from "./chat-completion.ts";

/** Zeros where a server does not count. */
export function toUsage(usage: ChatUsage | null | undefined): Usage {
  if (usage === null || usage === undefined) return noUsage;
  return {
    inputTokens: usage.prompt_tokens ?? 0,
    outputTokens: usage.completion_tokens ?? 0,
    cacheReadTokens: usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? 0,
    cacheWriteTokens: usage.prompt_tokens_details?.cache_write_tokens ?? 0,
    reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}
