import type { ModelRequest, ToolChoice, ToolDefinition } from "@agentwerk/core";
import { isStrictSchema } from "@agentwerk/core/provider-kit";
import type { OpenAISettings } from "./openai-options.ts";
import { toChatMessages } from "./to-chat-messages.ts";

/** The body of a chat completions request; fields as OpenAI names them. */
export type ChatRequestBody = Readonly<Record<string, unknown>>;

export function toChatRequest(
  request: ModelRequest,
  { providerName, compatibility }: Pick<OpenAISettings, "providerName" | "compatibility">,
): ChatRequestBody {
  const { model, system, messages, tools, toolChoice, maxOutputTokens, temperature, stopSequences } = request;
  const body: Record<string, unknown> = {
    model,
    messages: toChatMessages({ system, messages, providerName, compatibility }),
  };
  if (tools.length > 0) {
    body.tools = tools.map((tool) => toChatTool(tool, compatibility.strictTools));
    if (toolChoice !== "auto") body.tool_choice = toChatToolChoice(toolChoice);
    if (compatibility.parallelToolCalls !== undefined) {
      body.parallel_tool_calls = compatibility.parallelToolCalls;
    }
  }
  if (maxOutputTokens !== undefined) {
    body[compatibility.maxTokensField ?? maxTokensFieldOf(model)] = maxOutputTokens;
  }
  if (temperature !== undefined) body.temperature = temperature;
  if (stopSequences !== undefined && stopSequences.length > 0) body.stop = stopSequences;
  return request.extraBody === undefined ? body : { ...body, ...request.extraBody };
}

/** OpenAI's reasoning models refuse `max_tokens`, also behind a proxy; most other servers know nothing else. */
function maxTokensFieldOf(model: string): string {
  return /^(gpt-5|o\d)/.test(model) ? "max_completion_tokens" : "max_tokens";
}

function toChatTool({ name, description, inputSchema }: ToolDefinition, strictTools: boolean): object {
  const strict = strictTools && isStrictSchema(inputSchema) ? { strict: true } : {};
  return { type: "function", function: { name, description, parameters: inputSchema, ...strict } };
}

function toChatToolChoice(choice: ToolChoice): unknown {
  return typeof choice === "string" ? choice : { type: "function", function: { name: choice.tool } };
}
