import type { ToolCallBlock } from "../provider/content.ts";
import { textOf } from "../provider/content.ts";
import type { ModelResponse } from "../provider/provider.ts";
import type { TicketFailure } from "../ticket/ticket-failure.ts";
import { assertNever } from "../util/assert-never.ts";

/** What a model's answer asks for. */
export type Decision =
  | { readonly kind: "call"; readonly calls: readonly ToolCallBlock[] }
  /** The answer has to be corrected: its calls are refused, then the directive follows. */
  | {
      readonly kind: "correct";
      readonly directive: "finishMissing" | "replyTruncated" | "replyEmpty";
      readonly refused: readonly ToolCallBlock[];
    }
  /** The text is the result; only for agents that have no finishing tool. */
  | { readonly kind: "answer"; readonly text: string }
  /** The agent talks with a person: its turn ends with what it said. */
  | { readonly kind: "wait"; readonly text: string }
  /** The vendor paused a long answer: send the conversation again. */
  | { readonly kind: "resume" }
  | { readonly kind: "fail"; readonly failure: TicketFailure; readonly refused: readonly ToolCallBlock[] };

/** Reads an answer; knows no tools, no stores and no providers. */
export function decide(
  response: ModelResponse,
  options: { readonly finishes: boolean; readonly interactive: boolean },
): Decision {
  const { content, stopReason } = response;
  const calls = content.filter((block) => block.type === "tool_call");
  const text = textOf(content);
  switch (stopReason) {
    case "refusal":
      return {
        kind: "fail",
        refused: calls,
        failure: {
          reason: "refused",
          message: text === "" ? "The model refused to answer." : `The model refused: ${text}`,
        },
      };
    case "max_output_tokens":
      return { kind: "correct", directive: "replyTruncated", refused: calls };
    case "pause":
      return calls.length > 0 ? { kind: "call", calls } : { kind: "resume" };
    case "tool_calls":
    case "end_turn":
      if (calls.length > 0) return { kind: "call", calls };
      if (text === "") return { kind: "correct", directive: "replyEmpty", refused: [] };
      if (options.interactive) return { kind: "wait", text };
      return options.finishes
        ? { kind: "correct", directive: "finishMissing", refused: [] }
        : { kind: "answer", text };
    default:
      return assertNever(stopReason);
  }
}
