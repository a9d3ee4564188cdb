import type { FaultOptions } from "../fault/fault.ts";

/** The headers that tell a client how long to wait, for faults that carry such advice. */
export function retryHeaders(fault: FaultOptions, now: number): Readonly<Record<string, string>> {
  const retryAfterMs = "retryAfterMs" in fault ? fault.retryAfterMs : undefined;
  const delayMs = retryAfterMs ?? (fault.kind === "rate_limited" ? 1_000 : undefined);
  if (delayMs === undefined) return {};
  switch ("retryAfterAs" in fault ? fault.retryAfterAs : undefined) {
    case "date":
      // HTTP dates have whole seconds; rounded up, so that nobody comes back too early.
      return { "retry-after": new Date(Math.ceil((now + delayMs) / 1000) * 1000).toUTCString() };
    case "milliseconds":
      return { "retry-after-ms": String(delayMs) };
    default:
      return { "retry-after": String(Math.ceil(delayMs / 1000)) };
  }
}
