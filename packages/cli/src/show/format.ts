const grouped = new Intl.NumberFormat("en");

export function groupDigits(value: number): string {
  return grouped.format(value);
}

/** `1 ticket`, `12 tickets`. */
export function count(value: number, noun: string): string {
  return `${groupDigits(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** `980`, `12.3k`, `4.5M`: at most five characters. */
export function shortNumber(value: number): string {
  if (value < 1_000) return String(Math.round(value));
  const [divisor, unit] = value < 999_950 ? [1_000, "k"] : [1_000_000, "M"];
  const scaled = value / divisor;
  return `${scaled < 99.95 ? scaled.toFixed(1) : Math.round(scaled)}${unit}`;
}

export function formatCost(dollars: number): string {
  if (dollars === 0) return "$0";
  return dollars < 0.0001 ? "<$0.0001" : `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`;
}

/** `0.4 s`, `12 s`, `3 m 05 s`, `2 h 07 m`, `4 d 03 h`. */
export function formatDuration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/** How long ago, for a list: `12 s ago`. */
export function formatAge(at: number, now: number): string {
  return `${formatDuration(Math.max(0, now - at)).replace(/\.\d/, "")} ago`;
}

export function formatTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
