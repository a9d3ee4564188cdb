import type { StopReason } from "@agentwerk/core";
import { bodyError } from "@agentwerk/core/provider-kit";

/** @throws Error in the shape of an error body for `error`: generation failed on Mistral's side. */
export function toStopReason(finishReason: string | undefined, hasToolCalls: boolean): StopReason {
  switch (finishReason) {
    case "length":
    case "model_length":
      return "max_output_tokens";
    case "error":
      throw bodyError({ message: "The reply ended with an error.", type: "server_error" }, undefined);
    default:
      return hasToolCalls ? "tool_calls" : "end_turn";
  }
}
