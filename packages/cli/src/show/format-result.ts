import type { JsonValue } from "@agentwerk/core";
import { sanitize } from "./sanitize.ts";

/** A ticket's result for people: text as it is, anything else as indented JSON. */
export function formatResult(result: JsonValue | undefined): string {
  return sanitize(typeof result === "string" ? result : JSON.stringify(result ?? null, undefined, 2));
}
