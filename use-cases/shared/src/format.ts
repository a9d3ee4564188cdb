import { fitWidth, sanitize } from "agentwerk/terminal";

/** `1234567` as `1,234,567`. */
export function groupDigits(number: bigint | number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

export function toSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

/** `812 kB`, `205 MB`; what there is, is never 0. */
export function formatBytes(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.ceil(bytes / 1_000)} kB`
    : `${groupDigits(Math.round(bytes / 1_000_000))} MB`;
}

/** `1 ticket`, `2 tickets`. */
export function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`;
  return `${groupDigits(number)} ${noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

/** Cuts a line that takes more columns; what a terminal would act on is taken out. */
export function fitLine(text: string, columns: number): string {
  return fitWidth(sanitize(text).replaceAll(/\s/g, " "), columns);
}

/** US dollars as people read them; small sums keep the digits that tell them from nothing. */
export function formatCost(dollars: number): string {
  return `$${dollars < 1 ? dollars.toFixed(4) : dollars.toFixed(2)}`;
}

/** The option that sets a limit of a policy: `maxSteps` as `--max-steps`. */
export function toOption(limit: string): string {
  return `--${limit.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
