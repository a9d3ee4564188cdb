import type { AgentwerkEvent } from "@agentwerk/core";
import { groupDigits, toSeconds } from "./format.ts";
import { isCorrection } from "./tally.ts";

/** A slip that was mended, in a line; `undefined` for every other event. */
export function describeRecovery(event: AgentwerkEvent): string | undefined {
  if (isCorrection(event)) {
    const tool = event.type === "tool_call_failed" ? event.tool : "write_result";
    return `${tool} refused: ${mainPoint(event.message)}`;
  }
  if (event.type === "request_retried") {
    return `${event.reason.replaceAll("_", " ")}: asked again in ${toSeconds(event.delayMs)}`;
  }
  if (event.type === "response_repaired") return `${event.tool} repaired: ${event.repairs.join("; ")}`;
  return undefined;
}

/** What `--verbose` tells besides. */
export function describeDetail(event: AgentwerkEvent): string | undefined {
  switch (event.type) {
    case "ticket_started":
    case "ticket_resumed":
      return `taken by ${event.agent}`;
    case "request_finished": {
      const { inputTokens, outputTokens } = event.usage;
      const tokens = `${groupDigits(inputTokens)} tokens in, ${groupDigits(outputTokens)} out`;
      return `request ${toSeconds(event.durationMs)}, ${tokens}`;
    }
    case "tool_call_started":
      return `${event.tool} ${JSON.stringify(event.input)}`;
    default:
      return undefined;
  }
}

/** The first detail of a message where it has some, else its first sentence. */
function mainPoint(message: string): string {
  const lines = message.split("\n").filter((line) => line !== "");
  const detail = lines.find((line) => line.startsWith("- "));
  return detail?.slice(2) ?? (lines[0] ?? "").replace(/^Not run: /, "").replace(/:$/, ".");
}
