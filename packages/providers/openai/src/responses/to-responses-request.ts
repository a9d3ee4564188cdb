import type { ModelRequest, ToolChoice, ToolDefinition } from "@agentwerk/core";
import { isStrictSchema } from "@agentwerk/core/provider-kit";
import type { OpenAISettings } from "../openai-options.ts";
import { toInputItems } from "./to-input-items.ts";

/** The body of a Responses request; fields as OpenAI names them. */
export type ResponsesRequestBody = Readonly<Record<string, unknown>>;

/** The server keeps nothing: the conversation comes whole each time, thinking as the encrypted items it was given. */
export function toResponsesRequest(request: ModelRequest, settings: OpenAISettings): ResponsesRequestBody {
  const { model, system, tools, maxOutputTokens, temperature } = request;
  const { compatibility, providerName } = settings;
  const body: Record<string, unknown> = {
    model,
    input: toInputItems(request.messages, providerName),
    store: false,
  };
  if (system !== "") body.instructions = system;
  if (tools.length > 0) {
    body.tools = tools.map((tool) => toTool(tool, compatibility.strictTools));
    if (request.toolChoice !== "auto") body.tool_choice = toToolChoice(request.toolChoice);
    if (compatibility.parallelToolCalls !== undefined) {
      body.parallel_tool_calls = compatibility.parallelToolCalls;
    }
  }
  if (maxOutputTokens !== undefined) body.max_output_tokens = maxOutputTokens;
  if (temperature !== undefined) body.temperature = temperature;
  if (isReasoningModel(model)) body.include = ["reasoning.encrypted_content"];
  return request.extraBody === undefined ? body : { ...body, ...request.extraBody };
}

/** Other models refuse to be asked for encrypted thinking, also behind a proxy's prefix. */
function isReasoningModel(model: string): boolean {
  return /^([\w-]+\/)?(gpt-5|o\d)/.test(model) && !model.includes("-chat");
}

/** Functions are strict here unless they say otherwise, and strict mode takes few keywords. */
function toTool({ name, description, inputSchema }: ToolDefinition, strictTools: boolean): object {
  const strict = strictTools && isStrictSchema(inputSchema);
  return { type: "function", name, description, parameters: inputSchema, strict };
}

function toToolChoice(choice: ToolChoice): unknown {
  return typeof choice === "string" ? choice : { type: "function", name: choice.tool };
}
