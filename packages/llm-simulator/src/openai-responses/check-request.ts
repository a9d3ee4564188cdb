import type { Failure } from "../failure.ts";
import { isFunctionName, wrongFunctionName } from "../function-name.ts";
import { invalid } from "../invalid.ts";
import { isIntact } from "../reply/sign.ts";
import type { ResponsesItem } from "./responses-request.ts";
import { isMessage, itemsOf, summaryOf } from "./responses-request.ts";

/** What OpenAI would refuse about a request, in its words; `undefined` when it would be accepted. */
export function checkRequest(body: unknown): Failure | undefined {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return invalid(
      "We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.",
    );
  }
  const request = body as Readonly<Record<string, unknown>>;
  if (typeof request.model !== "string" || request.model === "") return missing("model");
  for (const param of ["messages", "max_tokens", "max_completion_tokens", "stop"]) {
    if (request[param] !== undefined) {
      return invalid(`Unsupported parameter: '${param}'.`, { param, code: "unsupported_parameter" });
    }
  }
  const { input } = request;
  if (input === undefined) return missing("input");
  if (typeof input !== "string" && !Array.isArray(input)) {
    return invalid("Invalid type for 'input': expected a string or an array.", {
      param: "input",
      code: "invalid_type",
    });
  }
  return checkItems(itemsOf(input)) ?? checkTools(request);
}

function checkItems(items: readonly ResponsesItem[]): Failure | undefined {
  const open = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const param = `input[${index}]`;
    const failure = checkItem(item, { param, open, next: items[index + 1] });
    if (failure !== undefined) return failure;
    if (item.type === "function_call") open.set(item.call_id ?? "", index);
    if (item.type === "function_call_output") open.delete(item.call_id ?? "");
  }
  for (const [id] of open) {
    return invalid(`No tool output found for function call ${id}.`, { param: "input" });
  }
  return undefined;
}

interface Place {
  readonly param: string;
  /** Calls that wait for their output. */
  readonly open: ReadonlyMap<string, number>;
  readonly next: ResponsesItem | undefined;
}

function checkItem(item: ResponsesItem, { param, open, next }: Place): Failure | undefined {
  if (isMessage(item)) return item.content === undefined ? missing(`${param}.content`) : undefined;
  switch (item.type) {
    case "function_call":
      return checkId(item, param) ?? checkCall(item, param);
    case "function_call_output":
      if (!open.has(item.call_id ?? "")) {
        return invalid(`No tool call found for function call output with call_id ${item.call_id}.`, {
          param: "input",
        });
      }
      return item.output === undefined ? missing(`${param}.output`) : undefined;
    case "reasoning":
      return checkReasoning(item, next);
    default:
      return invalid(`Invalid value: '${String(item.type)}'.`, {
        param: `${param}.type`,
        code: "invalid_value",
      });
  }
}

function checkCall({ name, arguments: text }: ResponsesItem, param: string): Failure | undefined {
  if (name === undefined) return missing(`${param}.name`);
  if (!isFunctionName(name)) return wrongFunctionName(`${param}.name`);
  return text === undefined ? missing(`${param}.arguments`) : undefined;
}

/** From OpenAI's API reference. */
const longestCallId = 64;

function checkId({ call_id: id }: ResponsesItem, param: string): Failure | undefined {
  if (id === undefined || id === "") return missing(`${param}.call_id`);
  if (id.length <= longestCallId) return undefined;
  return invalid(
    `Invalid '${param}.call_id': string too long. Expected a string with maximum length ${longestCallId}, but got a string with length ${id.length} instead.`,
    { param: `${param}.call_id`, code: "string_above_max_length" },
  );
}

function checkReasoning(item: ResponsesItem, next: ResponsesItem | undefined): Failure | undefined {
  const { id = "", encrypted_content: content } = item;
  const isFollowed =
    next?.type === "function_call" || next?.type === "reasoning" || next?.role === "assistant";
  if (!isFollowed) {
    return invalid(`Item '${id}' of type 'reasoning' was provided without its required following item.`, {
      param: "input",
    });
  }
  if (typeof content !== "string") {
    return invalid(
      `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false.`,
      {
        param: "input",
      },
    );
  }
  if (isIntact(summaryOf(item), content)) return undefined;
  return invalid(`The encrypted content ${id} could not be verified.`, { code: "invalid_encrypted_content" });
}

function checkTools({ tools, tool_choice: choice }: Readonly<Record<string, unknown>>): Failure | undefined {
  if (tools === undefined) {
    if (typeof choice !== "object" || choice === null) return undefined;
    return invalid("Tool choice 'function' not found in 'tools' parameter.", { param: "tool_choice" });
  }
  if (!Array.isArray(tools))
    return invalid("Invalid type for 'tools': expected an array.", { param: "tools" });
  for (const [index, tool] of tools.entries()) {
    const { name, parameters } = (tool ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof name !== "string") return missing(`tools[${index}].name`);
    if (!isFunctionName(name)) return wrongFunctionName(`tools[${index}].name`);
    const type = (parameters as { readonly type?: unknown } | null | undefined)?.type;
    if (type === "object") continue;
    const text = `Invalid schema for function '${name}': schema must be a JSON Schema of 'type: "object"', got 'type: ${JSON.stringify(type ?? "None")}'.`;
    return invalid(text, { param: `tools[${index}].parameters`, code: "invalid_function_parameters" });
  }
  return undefined;
}

function missing(param: string): Failure {
  return invalid(`Missing required parameter: '${param}'.`, { param, code: "missing_required_parameter" });
}
