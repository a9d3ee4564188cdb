import type { FinishedReply, FinishedToolCall, FinishedUsage, ReplyStop } from "../reply/reply.ts";
import type { ChatDialect } from "./chat-dialect.ts";

const finishReasons: Readonly<Record<ReplyStop, string>> = {
  end_turn: "stop",
  tool_calls: "tool_calls",
  max_output_tokens: "length",
  content_filtered: "content_filter",
  paused: "stop",
  context_window_full: "length",
};

/** A whole reply as the body of one response. */
export function writeReply(reply: FinishedReply, dialect: ChatDialect): string {
  const { text, refusal, reasoning, toolCalls } = reply;
  const message = {
    role: "assistant",
    content: text === "" && (toolCalls.length > 0 || refusal !== undefined) ? null : text,
    refusal: refusal ?? null,
    ...(reasoning === "" ? {} : { [reasoningField(dialect)]: reasoning }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls.map((call) => writeToolCall(call, dialect)) }),
    annotations: [],
  };
  return JSON.stringify({
    id: replyId(reply),
    object: "chat.completion",
    created: reply.createdAt,
    model: reply.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReasonOf(reply, dialect) }],
    ...(dialect.omitUsage === true ? {} : { usage: writeUsage(reply.usage) }),
    service_tier: "default",
    system_fingerprint: "fp_simulator",
  });
}

export function replyId(reply: FinishedReply): string {
  return `chatcmpl-simulated-${reply.number}`;
}

export function reasoningField(dialect: ChatDialect): string {
  return dialect.reasoningField ?? "reasoning_content";
}

export function finishReasonOf(reply: FinishedReply, dialect: ChatDialect): string {
  if (dialect.stopWithToolCalls === true && reply.stop === "tool_calls") return "stop";
  return finishReasons[reply.stop];
}

export function writeUsage(usage: FinishedUsage): Readonly<Record<string, unknown>> {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function writeToolCall(call: FinishedToolCall, dialect: ChatDialect): Readonly<Record<string, unknown>> {
  return {
    ...(dialect.omitToolCallIds === true ? {} : { id: call.id }),
    type: "function",
    function: { name: call.name, arguments: writeArguments(call, dialect) },
  };
}

export function writeArguments(call: FinishedToolCall, dialect: ChatDialect): unknown {
  if (dialect.argumentsAsObject !== true) return call.arguments;
  try {
    return JSON.parse(call.arguments);
  } catch {
    return call.arguments;
  }
}
