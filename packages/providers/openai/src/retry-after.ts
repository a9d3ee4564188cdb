/** Where a response's headers are read from; `Headers` of fetch is one. */
export interface HeaderSource {
  get(name: string): string | null;
}

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * How long the server asked to be left alone, in milliseconds: `retry-after-ms`, `retry-after` in seconds or as an HTTP
 * date, else the reset time of the OpenAI rate limit that is used up.
 */
export function readRetryAfter(headers: HeaderSource, now: number): number | undefined {
  return (
    readMilliseconds(headers.get("retry-after-ms")) ??
    readSecondsOrDate(headers.get("retry-after"), now) ??
    readRateLimitReset(headers)
  );
}

function readMilliseconds(text: string | null): number | undefined {
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? Math.ceil(value) : undefined;
}

function readSecondsOrDate(text: string | null, now: number): number | undefined {
  if (text === null || text.trim() === "") return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function readRateLimitReset(headers: HeaderSource): number | undefined {
  const resets: number[] = [];
  for (const kind of ["requests", "tokens"]) {
    if (headers.get(`x-ratelimit-remaining-${kind}`) !== "0") continue;
    const reset = readSpan(headers.get(`x-ratelimit-reset-${kind}`) ?? "");
    if (reset !== undefined) resets.push(reset);
  }
  return resets.length === 0 ? undefined : Math.max(...resets);
}

/** OpenAI writes `20ms`, `1.5s`, `6m0s`. */
function readSpan(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    sum += Number(amount) * unitMs[unit as keyof typeof unitMs];
  }
  return Math.ceil(sum);
}
