import { parseCount, parseDollars, parseTime } from "./parse-values.ts";
import { UsageError } from "./usage-error.ts";

/** Options of every program, for `parseStrictly`. */
export const generalOptions = {
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Options of programs whose agents work many tickets, for `parseStrictly` and `parseLimits`. */
export const limitOptions = {
  concurrency: { type: "string" },
  "max-cost": { type: "string" },
  "max-time": { type: "string" },
} as const;

export interface Limits {
  readonly concurrency: number;
  /** US dollars. */
  readonly maxCost: number | undefined;
  readonly maxTimeMs: number | undefined;
}

/** @throws UsageError naming the option. */
export function parseLimits(
  values: { readonly [Name in keyof typeof limitOptions]?: string | undefined },
  concurrency: { readonly usual: number; readonly largest: number },
): Limits {
  return {
    concurrency:
      parseCount(values.concurrency, { option: "--concurrency", largest: concurrency.largest }) ??
      concurrency.usual,
    maxCost: parseDollars(values["max-cost"], "--max-cost"),
    maxTimeMs: parseTime(values["max-time"], "--max-time"),
  };
}

/**
 * The name of a file, a folder or a model; an empty one is what an unset variable of a script leaves behind.
 * @throws UsageError
 */
export function parseName(
  text: string | undefined,
  { option, of }: { readonly option: string; readonly of: string },
): string | undefined {
  if (text?.trim() === "") throw new UsageError(`${option} is empty; name a ${of}.`);
  return text;
}
