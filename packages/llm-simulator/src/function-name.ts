import type { Failure } from "./failure.ts";
import { invalid } from "./invalid.ts";

/** The rule of OpenAI and Mistral for the names of tools, and of the calls that a conversation holds. */
export function isFunctionName(name: string): boolean {
  return /^[a-zA-Z0-9_-]{1,64}$/.test(name);
}

/** How OpenAI refuses another name. */
export function wrongFunctionName(param: string): Failure {
  const text = `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`;
  return invalid(text, { param, code: "invalid_value" });
}
