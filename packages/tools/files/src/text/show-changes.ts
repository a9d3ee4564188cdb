const around = 3;
const mostPlaces = 5;
const mostLines = 60;
const longestLine = 500;

/** The lines around changed places, with their numbers, as `read_file` shows them; `…` between distant ones. */
export function showChanges(
  text: string,
  places: readonly { readonly start: number; readonly end: number }[],
): string {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const starts = lineStarts(text);
  const shown: string[] = [];
  let last = -1;
  for (const { start, end } of places.slice(0, mostPlaces)) {
    const from = Math.max(last + 1, lineAt(starts, start) - around);
    const to = Math.min(lines.length - 1, lineAt(starts, Math.max(start, end - 1)) + around);
    if (shown.length > 0 && from > last + 1 && from <= to) shown.push("…");
    for (let line = from; line <= to && shown.length < mostLines; line++) {
      shown.push(`${line + 1}\t${shorten(lines[line] ?? "")}`);
      last = line;
    }
  }
  if (shown.length >= mostLines || places.length > mostPlaces) shown.push("…");
  return shown.join("\n");
}

/** Number of the line, from 0, that holds the character at `offset`. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function shorten(line: string): string {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  return text.length > longestLine ? `${text.slice(0, longestLine).toWellFormed()}…` : text;
}
