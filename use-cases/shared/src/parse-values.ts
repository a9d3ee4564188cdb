import { type Duration, toMilliseconds } from "@agentwerk/core";
import { UsageError } from "./usage-error.ts";

/** @throws UsageError naming the option and the range. */
export function parseCount(
  text: string | undefined,
  { option, largest }: { readonly option: string; readonly largest: number },
): number | undefined {
  if (text === undefined) return undefined;
  const digits = text.trim().replaceAll("_", "");
  const count = /^\d{1,16}$/.test(digits) ? Number(digits) : 0;
  if (count >= 1 && count <= largest) return count;
  throw new UsageError(`${option} is ${JSON.stringify(text)}; give a whole number from 1 to ${largest}.`);
}

/** US dollars. @throws UsageError */
export function parseDollars(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const dollars = /^\d{0,6}(?:\.\d{1,6})?$/.test(text.trim()) ? Number(text) : 0;
  if (dollars > 0) return dollars;
  throw new UsageError(`${option} is ${JSON.stringify(text)}; give US dollars, such as 0.50.`);
}

/** A duration with its unit, in milliseconds. @throws UsageError */
export function parseTime(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const duration = text.trim();
  const time = isDuration(duration) ? toMilliseconds(duration, option) : 0;
  if (time > 0) return time;
  throw new UsageError(`${option} is ${JSON.stringify(text)}; give a time, such as 90s or 5m.`);
}

function isDuration(text: string): text is Extract<Duration, string> {
  return /^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/.test(text);
}
