import type { ToolReturn } from "@agentwerk/core";

/** The message of a tool error; fails for any other answer. */
export function messageOf(returned: ToolReturn): string {
  if (typeof returned === "object" && returned !== null && "kind" in returned && returned.kind === "error") {
    return String(returned["message" as keyof typeof returned]);
  }
  throw new Error(`An error was expected, and this came: ${JSON.stringify(returned)}`);
}
