import type { FinishedReply, FinishedToolCall, FinishedUsage } from "../reply/reply.ts";
import type { ResponsesRequest } from "./responses-request.ts";

export type WireObject = Readonly<Record<string, unknown>>;

/** A whole reply as a response object; fields after OpenAI's API reference. */
export function writeReply(reply: FinishedReply, request: ResponsesRequest): WireObject {
  const reason = incompleteReasonOf(reply);
  return {
    ...writeHead(reply, request),
    status: reason === undefined ? "completed" : "incomplete",
    completed_at: reason === undefined ? reply.createdAt : null,
    incomplete_details: reason === undefined ? null : { reason },
    output: writeItems(reply, request),
    usage: writeUsage(reply.usage),
  };
}

/** A response that has begun: nothing is written yet. */
export function writeHead(reply: FinishedReply, request: ResponsesRequest): WireObject {
  return {
    id: `resp_simulated_${reply.number}`,
    object: "response",
    created_at: reply.createdAt,
    status: "in_progress",
    completed_at: null,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: null,
    metadata: {},
    model: reply.model,
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: null,
    prompt_cache_key: null,
    reasoning: { effort: null, summary: null },
    safety_identifier: null,
    service_tier: "default",
    store: false,
    temperature: request.temperature ?? 1,
    text: { format: { type: "text" }, verbosity: "medium" },
    tool_choice: request.tool_choice ?? "auto",
    tools: request.tools ?? [],
    top_logprobs: 0,
    top_p: 1,
    truncation: "disabled",
    usage: null,
    user: null,
  };
}

export function incompleteReasonOf({ stop }: FinishedReply): string | undefined {
  if (stop === "content_filtered") return "content_filter";
  return stop === "max_output_tokens" || stop === "context_window_full" ? "max_output_tokens" : undefined;
}

/** In OpenAI's order: thinking, the message, the calls. */
function writeItems(reply: FinishedReply, request: ResponsesRequest): readonly WireObject[] {
  const parts = writeParts(reply);
  return [
    ...(reply.signature === undefined ? [] : [writeReasoning(reply, request)]),
    ...(parts.length === 0 ? [] : [writeMessage(reply, parts)]),
    ...reply.toolCalls.map(writeCall),
  ];
}

/** A signature without words is thinking without a summary. */
function writeReasoning(
  { number, reasoning, signature }: FinishedReply,
  request: ResponsesRequest,
): WireObject {
  const isWanted = request.include?.includes("reasoning.encrypted_content") === true;
  return {
    id: `rs_simulated_${number}`,
    type: "reasoning",
    summary: reasoning === "" ? [] : [{ type: "summary_text", text: reasoning }],
    ...(isWanted ? { encrypted_content: signature } : {}),
  };
}

function writeMessage({ number, stop }: FinishedReply, content: readonly WireObject[]): WireObject {
  const status = stop === "max_output_tokens" ? "incomplete" : "completed";
  return { id: `msg_simulated_${number}`, type: "message", status, role: "assistant", content };
}

function writeParts({ text, refusal }: FinishedReply): readonly WireObject[] {
  return [
    ...(text === "" ? [] : [{ type: "output_text", text, annotations: [], logprobs: [] }]),
    ...(refusal === undefined ? [] : [{ type: "refusal", refusal }]),
  ];
}

function writeCall(call: FinishedToolCall): WireObject {
  return {
    id: `fc_${call.id}`,
    type: "function_call",
    status: "completed",
    name: call.name,
    call_id: call.id,
    arguments: call.arguments,
  };
}

function writeUsage(usage: FinishedUsage): WireObject {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cachedTokens,
      cache_write_tokens: usage.cacheWriteTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
