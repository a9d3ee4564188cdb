import type { FinishedReply, FinishedToolCall, ReplyStop } from "../reply/reply.ts";

const stopReasons: Readonly<Record<ReplyStop, string>> = {
  end_turn: "end_turn",
  tool_calls: "tool_use",
  max_output_tokens: "max_tokens",
  content_filtered: "refusal",
  paused: "pause_turn",
  context_window_full: "model_context_window_exceeded",
};

/** A whole reply as the body of one response; fields after `Message` of the SDK. */
export function writeReply(reply: FinishedReply): string {
  return JSON.stringify({
    ...writeHead(reply),
    content: [
      ...writeThinking(reply),
      ...(reply.text === "" ? [] : [{ type: "text", text: reply.text, citations: null }]),
      ...reply.toolCalls.map((call) => ({ ...writeToolUse(call), input: readInput(call) })),
    ],
    ...writeStop(reply),
    usage: writeUsage(reply),
  });
}

export function writeHead(reply: FinishedReply): Readonly<Record<string, unknown>> {
  return {
    id: `msg_simulated_${reply.number}`,
    type: "message",
    role: "assistant",
    model: reply.model,
    container: null,
    diagnostics: null,
  };
}

export function writeStop({ stop, refusal }: FinishedReply): Readonly<Record<string, unknown>> {
  const refused = refusal !== undefined || stop === "content_filtered";
  return {
    stop_reason: refused ? "refusal" : stopReasons[stop],
    stop_sequence: null,
    stop_details: refused ? { type: "refusal", category: null, explanation: refusal ?? null } : null,
  };
}

/** A signature without words is thinking that the vendor keeps to itself. */
export function writeThinking({
  reasoning,
  signature,
}: FinishedReply): readonly Readonly<Record<string, unknown>>[] {
  if (signature === undefined) return [];
  if (reasoning === "") return [{ type: "redacted_thinking", data: signature }];
  return [{ type: "thinking", thinking: reasoning, signature }];
}

export function writeToolUse({ id, name }: FinishedToolCall): Readonly<Record<string, unknown>> {
  return { type: "tool_use", id, name, input: {}, caller: { type: "direct" } };
}

/** Broken arguments stay a text, as compatible servers write them; Anthropic itself cannot write them in one piece. */
function readInput(call: FinishedToolCall): unknown {
  if (call.arguments.trim() === "") return {};
  try {
    return JSON.parse(call.arguments);
  } catch {
    return call.arguments;
  }
}

/** What was read from and written to the cache is not part of `input_tokens` here. */
export function writeUsage({ usage }: FinishedReply): Readonly<Record<string, unknown>> {
  return {
    input_tokens: usage.inputTokens - usage.cachedTokens - usage.cacheWriteTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cachedTokens,
    cache_creation: { ephemeral_5m_input_tokens: usage.cacheWriteTokens, ephemeral_1h_input_tokens: 0 },
    output_tokens: usage.outputTokens,
    output_tokens_details: { thinking_tokens: usage.reasoningTokens },
    server_tool_use: null,
    service_tier: "standard",
    inference_geo: null,
    speed: null,
  };
}
