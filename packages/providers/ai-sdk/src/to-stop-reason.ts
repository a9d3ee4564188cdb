import type { StopReason } from "@agentwerk/core";
import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";

/** The vendors' words that the unified reason hides, as the SDK's providers hand them on in `raw`. */
const paused = "pause_turn";

/**
 * What an end means. The SDK's `error` and `interrupted` are no ends of an answer; the caller reports them as failures.
 */
export function toStopReason(
  { unified, raw }: LanguageModelV4FinishReason,
  { hasToolCalls }: { readonly hasToolCalls: boolean },
): StopReason {
  if (raw === paused) return "pause";
  switch (unified) {
    case "length":
      return "max_output_tokens";
    case "content-filter":
      return "refusal";
    default:
      return hasToolCalls ? "tool_calls" : "end_turn";
  }
}
