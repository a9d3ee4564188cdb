import { AgentwerkError } from "../errors/agentwerk-error.ts";

/**
 * Refuses a misspelt option instead of ignoring it.
 * @throws AgentwerkError `invalid_input` naming the first unknown key of `options` and those that exist.
 */
export function refuseUnknownOptions(
  options: object,
  { known, of }: { readonly known: ReadonlySet<string>; readonly of: string },
): void {
  const unknown = Object.keys(options).find((option) => !known.has(option));
  if (unknown === undefined) return;
  throw new AgentwerkError({
    code: "invalid_input",
    field: unknown,
    message: `${unknown} is not an option of ${of}; the options are ${[...known].join(", ")}.`,
  });
}
