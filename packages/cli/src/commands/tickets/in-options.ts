import { AgentwerkError } from "@agentwerk/core";

/** Fields of a ticket's draft, and the options that they come from. */
const options: ReadonlyMap<string, string> = new Map([
  ["blockedBy", "--blocked-by"],
  ["parent", "--parent"],
  ["labels", "--label"],
  ["schema", "--schema"],
  ["templateVariables", "--var"],
  ["idempotencyKey", "--idempotency-key"],
]);

/** A refusal of what was filed, in the words of the command line. */
export function inOptions(error: unknown): unknown {
  if (!AgentwerkError.isInstance(error) || error.field === undefined) return error;
  const { code, field, message, cause } = error;
  const option = options.get(/^drafts\[0\]\.(\w+)/.exec(field)?.[1] ?? "");
  if (option === undefined) return error;
  return new AgentwerkError({ code, field: option, message: message.replace(field, option), cause });
}
