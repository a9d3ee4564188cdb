import type { Failure } from "../failure.ts";
import { isFunctionName, wrongFunctionName } from "../function-name.ts";
import { invalid } from "../invalid.ts";
import type { ChatMessage } from "./chat-request.ts";

const roles = new Set(["system", "assistant", "user", "function", "tool", "developer"]);

/**
 * Finds what makes a list of messages malformed. Calls and results must match exactly: each call of an assistant
 * message is answered by one tool message before anything else is said.
 */
export function checkMessages(messages: unknown): Failure | undefined {
  if (messages === undefined || messages === null) {
    return invalid("Missing required parameter: 'messages'.", {
      param: "messages",
      code: "missing_required_parameter",
    });
  }
  if (!Array.isArray(messages)) {
    return invalid("Invalid type for 'messages': expected an array of objects.", {
      param: "messages",
      code: "invalid_type",
    });
  }
  if (messages.length === 0) {
    const text =
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.";
    return invalid(text, { param: "messages", code: "empty_array" });
  }
  return checkEach(messages);
}

function checkEach(messages: readonly unknown[]): Failure | undefined {
  let open = new Set<string>();
  let answered = new Set<string>();
  for (const [index, value] of messages.entries()) {
    const path = `messages[${index}]`;
    const failure = checkShape(value, path);
    if (failure !== undefined) return failure;
    const message = value as ChatMessage;
    if (message.role === "tool") {
      const id = message.tool_call_id ?? "";
      if (!open.delete(id)) return strayResult(path, answered.has(id) ? id : undefined);
      answered.add(id);
      continue;
    }
    if (open.size > 0) return unanswered(open, path);
    const ids = (message.tool_calls ?? []).map((call) => call.id);
    open = new Set(ids);
    if (open.size < ids.length) return duplicateCall(path);
    answered = new Set();
  }
  return open.size > 0 ? unanswered(open, "messages") : undefined;
}

function checkShape(value: unknown, path: string): Failure | undefined {
  if (typeof value !== "object" || value === null) {
    return invalid(`Invalid type for '${path}': expected an object.`, { param: path, code: "invalid_type" });
  }
  const { role, content, tool_calls: toolCalls, tool_call_id: callId } = value as Record<string, unknown>;
  if (typeof role !== "string" || !roles.has(role)) {
    const text = `Invalid value: '${String(role)}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.`;
    return invalid(text, { param: `${path}.role`, code: "invalid_value" });
  }
  if (role === "tool" && typeof callId !== "string") {
    return missing(`${path}.tool_call_id`);
  }
  if (toolCalls !== undefined) return checkCalls(toolCalls, `${path}.tool_calls`);
  if (typeof content === "string") return undefined;
  if (Array.isArray(content) && content.length > 0) return undefined;
  const text = `Invalid value for 'content': expected a string, got ${content === undefined || content === null ? "null" : typeof content}.`;
  return invalid(text, { param: `${path}.content` });
}

function checkCalls(calls: unknown, path: string): Failure | undefined {
  if (!Array.isArray(calls) || calls.length === 0) {
    const text = `Invalid '${path}': empty array. Expected an array with minimum length 1, but got an empty array instead.`;
    return invalid(text, { param: path, code: "empty_array" });
  }
  for (const [index, call] of calls.entries()) {
    const { id, function: definition } = (call ?? {}) as Record<string, unknown>;
    const failure = checkId(id, `${path}[${index}].id`);
    if (failure !== undefined) return failure;
    const { name, arguments: text } = (definition ?? {}) as Record<string, unknown>;
    const param = `${path}[${index}].function.name`;
    if (typeof name !== "string") return missing(param);
    if (!isFunctionName(name)) return wrongFunctionName(param);
    if (typeof text !== "string") return missing(`${path}[${index}].function.arguments`);
  }
  return undefined;
}

const longestId = 40;

function checkId(id: unknown, param: string): Failure | undefined {
  if (typeof id !== "string" || id === "") return missing(param);
  if (id.length <= longestId) return undefined;
  const text = `Invalid '${param}': string too long. Expected a string with maximum length ${longestId}, but got a string with length ${id.length} instead.`;
  return invalid(text, { param, code: "string_above_max_length" });
}

function missing(param: string): Failure {
  return invalid(`Missing required parameter: '${param}'.`, { param, code: "missing_required_parameter" });
}

function strayResult(path: string, duplicate: string | undefined): Failure {
  const text =
    duplicate === undefined
      ? "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
      : `Invalid parameter: the tool call '${duplicate}' already has a response.`;
  return invalid(text, { param: `${path}.role` });
}

function duplicateCall(path: string): Failure {
  return invalid("Invalid parameter: the ids of 'tool_calls' must be unique within a message.", {
    param: `${path}.tool_calls`,
  });
}

function unanswered(open: ReadonlySet<string>, path: string): Failure {
  const text = `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open].join(", ")}`;
  return invalid(text, { param: path === "messages" ? path : `${path}.role` });
}
