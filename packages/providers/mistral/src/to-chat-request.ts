import { createHash } from "node:crypto";
import type { ModelRequest, ToolChoice, ToolDefinition } from "@agentwerk/core";
import { isStrictSchema } from "@agentwerk/core/provider-kit";
import type { ChatCompletionStreamRequest } from "@mistralai/mistralai/models/components";
import type { MistralSettings } from "./mistral-options.ts";
import { toChatMessages } from "./to-chat-messages.ts";

/** In the names of the SDK, which maps them to the wire's. */
export type ChatRequest = ChatCompletionStreamRequest;

export function toChatRequest(request: ModelRequest, settings: MistralSettings): ChatRequest {
  const { model, system, tools, toolChoice, maxOutputTokens, temperature, stopSequences } = request;
  const messages = toChatMessages(request.messages, settings.providerName);
  return {
    model,
    messages: system.trim() === "" ? messages : [{ role: "system", content: system }, ...messages],
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map((tool) => toTool(tool, settings.strictTools)),
          ...(toolChoice === "auto" ? {} : { toolChoice: toToolChoice(toolChoice) }),
        }),
    ...(maxOutputTokens === undefined ? {} : { maxTokens: maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(stopSequences === undefined || stopSequences.length === 0 ? {} : { stop: [...stopSequences] }),
    ...(settings.promptCache ? { promptCacheKey: cacheKeyOf(request) } : {}),
  };
}

type ChatTool = NonNullable<ChatRequest["tools"]>[number];

function toTool({ name, description, inputSchema }: ToolDefinition, strictTools: boolean): ChatTool {
  const strict = strictTools && isStrictSchema(inputSchema) ? { strict: true } : {};
  const parameters = typeof inputSchema === "boolean" ? {} : inputSchema;
  return { type: "function", function: { name, description, parameters: { ...parameters }, ...strict } };
}

function toToolChoice(choice: ToolChoice): NonNullable<ChatRequest["toolChoice"]> {
  return typeof choice === "string" ? choice : { type: "function", function: { name: choice.tool } };
}

/** The same for all requests of a conversation, whose beginning does not change. */
function cacheKeyOf({ model, system, tools, messages: [first] }: ModelRequest): string {
  return createHash("sha256")
    .update(JSON.stringify([model, system, tools, first]))
    .digest("hex")
    .slice(0, 32);
}
