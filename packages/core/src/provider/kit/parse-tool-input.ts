import type { JsonValue } from "../../util/json.ts";
import type { ToolCallBlock } from "../content.ts";

/** A call's arguments as they came over the wire: nothing is an empty object, and what is no JSON is kept as it is. */
export function parseToolInput(text: string): Pick<ToolCallBlock, "input" | "malformedInput"> {
  if (text.trim() === "") return { input: {} };
  try {
    const input: JsonValue = JSON.parse(text);
    return { input: input ?? {} };
  } catch {
    return { input: {}, malformedInput: text };
  }
}
