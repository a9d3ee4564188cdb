import { text as readAll } from "node:stream/consumers";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { UsageError } from "./usage-error.ts";

/** Collects a repeated option; commas divide. */
export function parseList(value: string, previous: readonly string[] | undefined): readonly string[] {
  const items = value.split(",").map((item) => item.trim());
  if (items.includes("")) throw new InvalidArgumentError("An item is empty.");
  return [...(previous ?? []), ...items];
}

export function parsePositive(value: string): number {
  const number = Number(value);
  if (value.trim() !== "" && Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError("Give a number above 0.");
}

export function parseCount(value: string): number {
  if (/^\d{1,15}$/.test(value) && Number(value) >= 1) return Number(value);
  throw new InvalidArgumentError("Give a whole number from 1.");
}

export function parseInteger(value: string): number {
  if (/^-?\d{1,15}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("Give a whole number.");
}

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `5m` and its like, in milliseconds. */
export function parseDuration(value: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value) ?? [];
  const found = Object.entries(unitMs).find(([name]) => name === unit);
  if (number !== undefined && found !== undefined) return Number(number) * found[1];
  throw new InvalidArgumentError("Give a number with a unit, as 500ms, 30s, 5m, 2h or 1d.");
}

/** A moment: a date, or a time from now, as `2h`. */
export function parseMoment(value: string): number {
  const at = /^\d+(\.\d+)?(ms|s|m|h|d)$/.test(value) ? Date.now() + parseDuration(value) : Date.parse(value);
  if (Number.isFinite(at)) return at;
  throw new InvalidArgumentError("Give a date, as 2026-11-22T10:00:00Z, or a time from now, as 2h.");
}

/** A text given as words, or on standard input when it is `-`. */
export async function readTextArgument(words: readonly string[], what: string): Promise<string> {
  const text = words.length === 1 && words[0] === "-" ? await readAll(process.stdin) : words.join(" ");
  if (text.trim() !== "") return text.trimEnd();
  throw new UsageError(`The ${what} is empty.`);
}

/** `name=value`, repeated. */
export function parseVariable(
  value: string,
  previous: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const [, name, text] = /^([^=]+)=([\s\S]*)$/.exec(value) ?? [];
  if (name === undefined || text === undefined) throw new InvalidArgumentError("Give name=value.");
  return { ...previous, [name]: text };
}

export function parsePort(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new InvalidArgumentError("Give a port from 0 to 65535.");
}
