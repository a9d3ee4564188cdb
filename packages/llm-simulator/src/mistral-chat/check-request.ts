import type { Failure } from "../failure.ts";
import { invalid } from "../invalid.ts";
import { checkMessages, checkName } from "./check-messages.ts";

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
    const failure = checkName(name);
    if (failure !== undefined) return failure;
    if (typeof parameters !== "object" || parameters === null) {
      return invalid("Field required: body.tools.function.parameters");
    }
  }
  return undefined;
}
