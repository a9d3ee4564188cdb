import type { StopReason } from "@agentwerk/core";

/** A reply that filled the context window was cut like one at the token limit; the next request is told that it is too long. */
export function toStopReason(stopReason: string | undefined, hasToolCalls: boolean): StopReason {
  switch (stopReason) {
    case "max_tokens":
    case "model_context_window_exceeded":
      return "max_output_tokens";
    case "refusal":
      return "refusal";
    case "pause_turn":
      return "pause";
    default:
      return hasToolCalls ? "tool_calls" : "end_turn";
  }
}
