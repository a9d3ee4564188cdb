import type { Failure } from "../failure.ts";
import { invalid } from "../invalid.ts";
import { checkMessages } from "./check-messages.ts";
import type { MessagesRequest } from "./messages-request.ts";
import { blocksOf } from "./messages-request.ts";

/** What Anthropic would refuse about a request, in its words; `undefined` when it would be accepted. */
export function checkRequest(body: unknown): Failure | undefined {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return invalid("The request body is not valid JSON.");
  }
  const request = body as Readonly<Record<string, unknown>>;
  for (const field of ["model", "max_tokens", "messages"]) {
    if (request[field] === undefined) return invalid(`${field}: Field required`);
  }
  if (typeof request.model !== "string") return invalid("model: Input should be a valid string");
  if (!Number.isInteger(request.max_tokens)) return invalid("max_tokens: Input should be a valid integer");
  return (
    checkSystem(request.system) ??
    checkMessages(request.messages) ??
    checkTools(request) ??
    checkBreakpoints(body as MessagesRequest)
  );
}

function checkSystem(system: unknown): Failure | undefined {
  if (!Array.isArray(system)) return undefined;
  const isEmpty = system.some((block) => (block as { readonly text?: unknown } | null)?.text === "");
  return isEmpty ? invalid("system: text content blocks must be non-empty") : undefined;
}

function checkTools({ tools, tool_choice: choice }: Readonly<Record<string, unknown>>): Failure | undefined {
  if (tools === undefined) {
    if (choice === undefined) return undefined;
    return invalid("tool_choice: tool_choice may only be specified while providing tools.");
  }
  if (!Array.isArray(tools)) return invalid("tools: Input should be a valid array");
  const names = new Set<unknown>();
  for (const [index, tool] of tools.entries()) {
    const { name, input_schema: schema } = (tool ?? {}) as Readonly<Record<string, unknown>>;
    const path = `tools.${index}.custom`;
    if (typeof name !== "string") return invalid(`${path}.name: Field required`);
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) {
      return invalid(`${path}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`);
    }
    if (names.has(name)) return invalid("tools: Tool names must be unique.");
    names.add(name);
    const type = (schema as { readonly type?: unknown } | undefined)?.type;
    if (type === undefined) return invalid(`${path}.input_schema.type: Field required`);
    if (type !== "object") return invalid(`${path}.input_schema.type: Input should be 'object'`);
  }
  return undefined;
}

/** From Anthropic's guide to prompt caching. */
const mostBreakpoints = 4;

function checkBreakpoints({ tools, system, messages }: MessagesRequest): Failure | undefined {
  const blocks = messages.flatMap(({ content }) => blocksOf(content));
  for (const { type, cache_control: control } of blocks) {
    if (control === undefined || (type !== "thinking" && type !== "redacted_thinking")) continue;
    return invalid(`messages: ${type} blocks cannot have cache_control`);
  }
  const marked = [...(tools ?? []), ...blocksOf(system), ...blocks].filter(
    ({ cache_control: control }) => control !== undefined,
  );
  if (marked.length <= mostBreakpoints) return undefined;
  return invalid(
    `A maximum of ${mostBreakpoints} blocks with cache_control may be provided. Found ${marked.length}.`,
  );
}
