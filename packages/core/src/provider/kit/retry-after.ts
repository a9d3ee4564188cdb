/** Where a response's headers are read from; `Headers` of fetch is one. */
export interface HeaderSource {
  get(name: string): string | null;
}

/** How long a server asked to be left alone, in milliseconds: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function readRetryAfter(headers: HeaderSource, now: number): number | undefined {
  return (
    readMilliseconds(headers.get("retry-after-ms")) ?? readSecondsOrDate(headers.get("retry-after"), now)
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
