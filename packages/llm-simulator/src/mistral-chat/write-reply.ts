import { createHash } from "node:crypto";
import type { FinishedReply, FinishedToolCall, ReplyStop } from "../reply/reply.ts";

/** There is no reason for filters, so `error` stands for them; a paused reply is not known either. */
const finishReasons: Readonly<Record<ReplyStop, string>> = {
  end_turn: "stop",
  tool_calls: "tool_calls",
  max_output_tokens: "length",
  content_filtered: "error",
  paused: "stop",
  context_window_full: "model_length",
};

/** A whole reply as the body of one response; fields after `ChatCompletionResponse` of the SDK. */
export function writeReply(reply: FinishedReply): string {
  const thinking = writeThinking(reply.reasoning, reply.signature);
  const text = textOf(reply);
  const message = {
    role: "assistant",
    content: thinking === undefined ? text : [thinking, ...(text === "" ? [] : [{ type: "text", text }])],
    tool_calls: reply.toolCalls.length === 0 ? null : reply.toolCalls.map(writeToolCall),
    prefix: false,
  };
  return JSON.stringify({
    id: replyId(reply),
    object: "chat.completion",
    created: reply.createdAt,
    model: reply.model,
    choices: [{ index: 0, message, finish_reason: finishReasonOf(reply) }],
    usage: writeUsage(reply),
  });
}

/** A refusal is a text like any other. */
export function textOf({ text, refusal }: FinishedReply): string {
  return text + (refusal ?? "");
}

export function replyId({ number }: FinishedReply): string {
  return `cmpl-simulated-${number}`;
}

export function finishReasonOf({ stop }: FinishedReply): string {
  return finishReasons[stop];
}

/** A signature without words is thinking that stays hidden. */
export function writeThinking(text: string, signature: string | undefined): object | undefined {
  if (text === "" && signature === undefined) return undefined;
  const thinking = text === "" ? [] : [{ type: "text", text }];
  return { type: "thinking", thinking, ...(signature === undefined ? {} : { signature }), closed: true };
}

export function writeToolCall(call: FinishedToolCall, index: number): object {
  return {
    id: toCallId(call.id),
    type: "function",
    function: { name: call.name, arguments: call.arguments },
    index,
  };
}

/** Mistral's own ids are nine letters and digits. */
function toCallId(id: string): string {
  if (/^[a-zA-Z0-9]{9}$/.test(id)) return id;
  return createHash("sha256").update(id).digest("hex").slice(0, 9);
}

export function writeUsage({ usage }: FinishedReply): Readonly<Record<string, unknown>> {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens },
  };
}
