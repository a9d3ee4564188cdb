import type { Failure } from "../failure.ts";
import { isFunctionName } from "../function-name.ts";
import { invalid } from "../invalid.ts";
import { isIntact } from "../reply/sign.ts";
import type { MistralMessage } from "./mistral-request.ts";
import { chunksOf, thinkingOf } from "./mistral-request.ts";

/** Which roles may follow a role; after calls only their results may. From mistral-common's request validator. */
const followers: Readonly<Record<string, readonly string[]>> = {
  start: ["system", "user", "assistant"],
  system: ["system", "user", "assistant"],
  user: ["user", "assistant", "system"],
  assistant: ["user", "assistant"],
  calls: ["tool"],
  tool: ["tool", "assistant"],
};

/** Finds what makes a list of messages malformed; the words and numbers are Mistral's. */
export function checkMessages(messages: readonly MistralMessage[]): Failure | undefined {
  if (messages.length === 0) return wrongOrder("Conversation must have at least one message");
  let previous = "start";
  let open: string[] = [];
  for (const message of messages) {
    const ids = callIds(message);
    const failure = checkOrder(message, previous, open) ?? checkContent(message) ?? checkCall(message, open);
    if (failure !== undefined) return failure;
    if (message.role === "assistant") open = [...ids];
    previous = ids.length > 0 ? "calls" : message.role;
  }
  return checkEnd(messages.at(-1), open);
}

function checkOrder(
  { role }: MistralMessage,
  previous: string,
  open: readonly string[],
): Failure | undefined {
  if (previous === "tool" && role !== "tool" && open.length > 0) return countMismatch();
  if ((followers[previous] ?? []).includes(role)) return undefined;
  return wrongOrder(
    `Unexpected role '${role}' after role '${previous === "calls" ? "assistant" : previous}'`,
  );
}

function checkEnd(last: MistralMessage | undefined, open: readonly string[]): Failure | undefined {
  if (open.length > 0) return countMismatch();
  if (last?.role !== "assistant" || last.prefix === true) return undefined;
  return wrongOrder(
    "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant",
  );
}

function checkContent({ role, content, tool_calls: calls }: MistralMessage): Failure | undefined {
  const chunks = chunksOf(content);
  if (role === "assistant" && chunks.length === 0 && (calls ?? []).length === 0) {
    return invalid("Assistant message must have either content or tool_calls, but not none.", {
      param: "invalid_request_assistant_message",
      code: "3240",
    });
  }
  for (const chunk of chunks) {
    if (chunk.type !== "thinking" || typeof chunk.signature !== "string") continue;
    if (isIntact(thinkingOf(chunk), chunk.signature)) continue;
    return invalid("Invalid signature of a thinking chunk.");
  }
  return undefined;
}

/** Of a tool, or of a call in the conversation. */
export function checkName(name: unknown): Failure | undefined {
  if (typeof name === "string" && isFunctionName(name)) return undefined;
  return invalid(
    `Function name was ${String(name)} but must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64.`,
    { param: "invalid_request_function", code: "3180" },
  );
}

/** Checks the ids and names of calls, or takes the call that a result answers out of `open`. */
function checkCall(message: MistralMessage, open: string[]): Failure | undefined {
  const ids = message.role === "tool" ? [message.tool_call_id ?? "null"] : callIds(message);
  for (const id of ids) {
    if (/^[a-zA-Z0-9]{9}$/.test(id)) continue;
    return invalid(`Tool call id was ${id} but must be a-z, A-Z, 0-9, with a length of 9.`, {
      param: "invalid_function_call",
      code: "3280",
    });
  }
  for (const { function: called } of message.tool_calls ?? []) {
    const failure = checkName(called?.name);
    if (failure !== undefined) return failure;
  }
  if (new Set(ids).size < ids.length) return wrongOrder("Duplicate tool call id in assistant message");
  if (message.role !== "tool") return undefined;
  const index = open.indexOf(ids[0] ?? "");
  if (index === -1) return wrongOrder(`Unexpected tool call id ${ids[0]} in tool results`);
  open.splice(index, 1);
  return undefined;
}

function callIds({ tool_calls: calls }: MistralMessage): readonly string[] {
  return (calls ?? []).map(({ id }) => id ?? "null");
}

function countMismatch(): Failure {
  return wrongOrder("Not the same number of function calls and responses");
}

function wrongOrder(message: string): Failure {
  return invalid(message, { param: "invalid_request_message_order", code: "3230" });
}
