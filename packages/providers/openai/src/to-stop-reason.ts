import type { StopReason } from "@agentwerk/core";
import { bodyError } from "@agentwerk/core/provider-kit";

export interface Ending {
  readonly finishReason: string | null | undefined;
  readonly hasToolCalls: boolean;
  readonly hasRefusal: boolean;
}

/**
 * Compatible servers write `stop`, `eos` or nothing where OpenAI writes `tool_calls`; calls in the reply decide. What
 * OpenRouter (`error`), vLLM and SGLang (`abort`), DeepSeek (`insufficient_system_resource`) and Z.ai (`network_error`)
 * write of a reply that broke off is no end of an answer.
 * @throws Error in the shape of an error body for those.
 */
export function toStopReason({ finishReason, hasToolCalls, hasRefusal }: Ending): StopReason {
  switch (finishReason) {
    case "length":
    case "max_tokens":
    case "model_context_window_exceeded":
      return "max_output_tokens";
    case "content_filter":
    case "sensitive":
      return "refusal";
    case "error":
    case "abort":
    case "network_error":
    case "insufficient_system_resource":
      throw bodyError({ message: `The reply broke off (${finishReason}).`, type: "server_error" }, undefined);
    default:
      if (hasRefusal) return "refusal";
      return hasToolCalls ? "tool_calls" : "end_turn";
  }
}
