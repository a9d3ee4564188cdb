import { AgentwerkError } from "../errors/agentwerk-error.ts";

/** Milliseconds as a number, or a number with a unit: `"500ms"`, `"30s"`, `"5m"`, `"2h"`, `"1d"`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Turns a {@link Duration} into milliseconds.
 * @throws AgentwerkError `invalid_input` naming `field` for a negative, infinite or malformed value.
 */
export function toMilliseconds(duration: Duration, field: string): number {
  const parsed = typeof duration === "number" ? duration : parseText(duration);
  if (parsed === undefined || !Number.isFinite(parsed) || parsed < 0) {
    throw new AgentwerkError({
      code: "invalid_input",
      field,
      message: `${field} is ${JSON.stringify(duration)}; give milliseconds as a number or a text such as "500ms", "30s", "5m", "2h", "1d".`,
    });
  }
  return parsed;
}

function parseText(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}
