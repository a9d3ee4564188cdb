import type { Failure } from "../failure.ts";
import { invalid } from "../invalid.ts";
import { checkMessages } from "./check-messages.ts";

/** What Mistral would refuse about a request, in its words; `undefined` when it would be accepted. */
export function checkRequest(body: unknown): Failure | undefined {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return invalid("The request body is not valid JSON.");
  }
  const { model, messages, tools } = body as Readonly<Record<string, unknown>>;
  if (typeof model !== "string") return invalid("Field required: body.model");
  if (!Array.isArray(messages)) return invalid("Field required: body.messages");
  return checkMessages(messages) ?? checkTools(tools ?? []);
}

function checkTools(tools: unknown): Failure | undefined {
  if (!Array.isArray(tools)) return invalid("Input should be a valid list: body.tools");
  for (const tool of tools) {
    const { name, parameters } =
      (tool as { readonly function?: Readonly<Record<string, unknown>> } | null)?.function ?? {};
    if (typeof name !== "string" || !/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
      return invalid(
        `Function name was ${String(name)} but must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64.`,
        { param: "invalid_request_function", code: "3180" },
      );
    }
    if (typeof parameters !== "object" || parameters === null) {
      return invalid("Field required: body.tools.function.parameters");
    }
  }
  return undefined;
}
