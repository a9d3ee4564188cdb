import type { Usage } from "@agentwerk/core";
import type { LanguageModelV4Usage } from "@ai-sdk/provider";

/** Zeros where a provider does not count. */
export function toUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): Usage {
  const { total, noCache = 0, cacheRead = 0, cacheWrite = 0 } = inputTokens;
  return {
    inputTokens: total ?? noCache + cacheRead + cacheWrite,
    outputTokens: outputTokens.total ?? (outputTokens.text ?? 0) + (outputTokens.reasoning ?? 0),
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    reasoningTokens: outputTokens.reasoning ?? 0,
  };
}
