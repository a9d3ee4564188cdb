import type { StopReason } from "@agentwerk/core";

export interface Ending {
  readonly finishReason: string | null | undefined;
  readonly hasToolCalls: boolean;
  readonly hasRefusal: boolean;
}

/** Compatible servers write `stop`, `eos` or nothing where OpenAI writes `tool_calls`; calls in the reply decide. */
export function toStopReason({ finishReason, hasToolCalls, hasRefusal }: Ending): StopReason {
  switch (finishReason) {
    case "length":
    case "max_tokens":
      return "max_output_tokens";
    case "content_filter":
      return "refusal";
    default:
      if (hasRefusal) return "refusal";
      return hasToolCalls ? "tool_calls" : "end_turn";
  }
}
