import type { Usage } from "@agentwerk/core";
import { noUsage } from "@agentwerk/core";
import type { ChatUsage } from "./chat-reply.ts";

/** Zeros where a server does not count; Mistral counts thinking as output and does not say how much of it. */
export function toUsage(usage: ChatUsage | undefined): Usage {
  if (usage === undefined) return noUsage;
  return {
    inputTokens: usage.prompt_tokens ?? 0,
    outputTokens: usage.completion_tokens ?? 0,
    cacheReadTokens: usage.prompt_tokens_details?.cached_tokens ?? usage.num_cached_tokens ?? 0,
    cacheWriteTokens: 0,
    reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}
