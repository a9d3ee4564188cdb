/** `1234567` as `1,234,567`. */
export function groupDigits(number: bigint | number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

export function toSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

/** `1 ticket`, `2 tickets`. */
export function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`;
  return `${groupDigits(number)} ${noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

/** Cuts a line that does not fit; control characters, such as a model may write, become spaces. */
export function fitLine(text: string, columns: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  const line = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
}
