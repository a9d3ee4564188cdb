import type { Conversation } from "../conversation.ts";
import type { FaultOptions } from "../fault/fault.ts";
import type { ReplyOptions, ReplyToolCall } from "./reply.ts";

/** The reply as a fault of stage `reply` leaves it; other faults leave it alone. */
export function changeReply(
  reply: ReplyOptions,
  fault: FaultOptions | undefined,
  conversation: Conversation,
): ReplyOptions {
  switch (fault?.kind) {
    case "arguments_malformed":
      return { ...reply, toolCalls: callsOf(reply, conversation).map(breakArguments), stop: "tool_calls" };
    case "output_truncated":
      return { ...reply, stop: "max_output_tokens" };
    case "unknown_tool":
      return { ...reply, toolCalls: renameFirst(reply.toolCalls ?? [], fault.name ?? "no_such_tool") };
    case "content_filtered":
      return { usage: reply.usage, stop: "content_filtered" };
    case "refused":
      return { usage: reply.usage, refusal: fault.text ?? "I'm sorry, but I can't help with that." };
    case "reply_empty":
      return { usage: reply.usage, stop: "end_turn" };
    case "reply_huge":
      return { ...reply, text: hugeText(fault.characters ?? 1_000_000) };
    default:
      return reply;
  }
}

/** A reply without calls gets one, so that the fault is never lost: to the first tool that the client offers. */
function callsOf(reply: ReplyOptions, conversation: Conversation): readonly ReplyToolCall[] {
  if (reply.toolCalls !== undefined && reply.toolCalls.length > 0) return reply.toolCalls;
  return [{ name: conversation.tools[0]?.name ?? "no_such_tool", input: { value: "text" } }];
}

/** Drops the end, as a model does that loses count of its brackets. */
function breakArguments(call: ReplyToolCall): ReplyToolCall {
  const text = call.arguments ?? JSON.stringify(call.input ?? {});
  return { ...call, arguments: text === "{}" ? '{"value": ' : text.slice(0, -1) };
}

function renameFirst(calls: readonly ReplyToolCall[], name: string): readonly ReplyToolCall[] {
  const [first, ...others] = calls;
  return [{ ...first, name }, ...others];
}

function hugeText(characters: number): string {
  const line = "All work and no play makes a dull reply. ";
  return line.repeat(Math.ceil(characters / line.length)).slice(0, characters);
}
