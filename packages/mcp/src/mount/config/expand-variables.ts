import { AgentwerkError } from "@agentwerk/core";

/** `${NAME}`, `${NAME:-default}`, and VS Code's `${env:NAME}`; VS Code's other references are refused by name. */
const reference = /\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{([^}]*)\}/g;

/**
 * Puts environment variables in the place of their references.
 * @throws AgentwerkError `invalid_input` naming the field, for a variable that is not set or a reference that is none.
 */
export function expandVariables(
  text: string,
  { env, field }: { readonly env: NodeJS.ProcessEnv; readonly field: string },
): string {
  return text.replace(
    reference,
    (whole, name: string | undefined, fallback: string | undefined, other: string | undefined) => {
      if (name === undefined) refuse(field, `refers to ${whole}, which only VS Code knows (${other})`);
      const value = env[name];
      if (value !== undefined && value !== "") return value;
      if (fallback !== undefined) return fallback;
      return value ?? refuse(field, `refers to ${name}, which is not set`, name);
    },
  );
}

function refuse(field: string, problem: string, name?: string): never {
  const step =
    name === undefined ? `write \${NAME} or the value itself` : `set it, or write \${${name}:-default}`;
  throw new AgentwerkError({ code: "invalid_input", field, message: `${field} ${problem}; ${step}.` });
}
