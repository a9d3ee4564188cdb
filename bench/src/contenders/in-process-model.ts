import {
  type AssistantContent,
  defineModel,
  type Model,
  type ModelRequest,
  type ModelResponse,
  type Provider,
} from "@agentwerk/core";
import { lookupName } from "./the-work.ts";

const usage = {
  inputTokens: 120,
  outputTokens: 20,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
};

/** As little as a provider can do: it answers at once, from the last message. */
export function answer({ messages, model }: Pick<ModelRequest, "messages" | "model">): ModelResponse {
  const last = messages.at(-1);
  const content: readonly AssistantContent[] =
    last?.role === "tool"
      ? [{ type: "tool_call", id: "call_2", name: "write_result", input: { entry: "in stock" } }]
      : [{ type: "tool_call", id: "call_1", name: lookupName, input: { id: "17" } }];
  return { content, stopReason: "tool_calls", usage, model };
}

/** Ends with text instead of `write_result`, for agents that have no finishing tool. */
export function answerInText(request: Pick<ModelRequest, "messages" | "model">): ModelResponse {
  if (request.messages.at(-1)?.role !== "tool") return answer(request);
  return {
    content: [{ type: "text", text: "in stock" }],
    stopReason: "end_turn",
    usage,
    model: request.model,
  };
}

export function inProcessModel(respond: (request: ModelRequest) => ModelResponse): Model {
  const provider: Provider = { name: "in-process", respond: async (request) => respond(request) };
  return defineModel({ provider, name: "in-process", contextWindow: 128_000 });
}
