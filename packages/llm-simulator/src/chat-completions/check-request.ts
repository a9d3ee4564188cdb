import type { Failure } from "../failure.ts";
import { isFunctionName, wrongFunctionName } from "../function-name.ts";
import { invalid } from "../invalid.ts";
import { checkMessages } from "./check-messages.ts";

/** What OpenAI would refuse about a request, in its words; `undefined` when it would be accepted. */
export function checkRequest(body: unknown): Failure | undefined {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return invalid(
      "We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.",
    );
  }
  const request = body as Readonly<Record<string, unknown>>;
  if (typeof request.model !== "string" || request.model === "") {
    return invalid("you must provide a model parameter");
  }
  return checkMessages(request.messages) ?? checkTools(request) ?? checkLimits(request);
}

function checkTools(request: Readonly<Record<string, unknown>>): Failure | undefined {
  const { tools } = request;
  if (tools === undefined) {
    for (const param of ["tool_choice", "parallel_tool_calls"]) {
      if (request[param] === undefined || request[param] === null) continue;
      const text = `Invalid value for '${param}': '${param}' is only allowed when 'tools' are specified.`;
      return invalid(text, { param });
    }
    return undefined;
  }
  if (!Array.isArray(tools)) {
    return invalid("Invalid type for 'tools': expected an array of objects.", {
      param: "tools",
      code: "invalid_type",
    });
  }
  if (tools.length === 0) {
    const text =
      "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.";
    return invalid(text, { param: "tools", code: "empty_array" });
  }
  for (const [index, tool] of tools.entries()) {
    const failure = checkTool(tool, `tools[${index}]`);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function checkTool(tool: unknown, path: string): Failure | undefined {
  const definition = (tool as { readonly function?: { name?: unknown; parameters?: unknown } } | null)
    ?.function;
  const name = definition?.name;
  const param = `${path}.function.name`;
  if (typeof name !== "string") {
    return invalid(`Missing required parameter: '${param}'.`, { param, code: "missing_required_parameter" });
  }
  if (!isFunctionName(name)) return wrongFunctionName(param);
  const parameters = definition?.parameters;
  if (parameters === undefined) return undefined;
  const type = (parameters as { readonly type?: unknown } | null)?.type;
  if (type === "object") return undefined;
  const text = `Invalid schema for function '${name}': schema must be a JSON Schema of 'type: "object"', got 'type: ${JSON.stringify(type ?? "None")}'.`;
  return invalid(text, { param: `${path}.function.parameters`, code: "invalid_function_parameters" });
}

function checkLimits(request: Readonly<Record<string, unknown>>): Failure | undefined {
  if (request.stream_options !== undefined && request.stream_options !== null && request.stream !== true) {
    const text = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
    return invalid(text, { param: "stream_options" });
  }
  const isReasoningModel = /^(o\d|gpt-5)/.test(String(request.model));
  if (isReasoningModel && typeof request.max_tokens === "number") {
    const text =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    return invalid(text, { param: "max_tokens", code: "unsupported_parameter" });
  }
  return undefined;
}
