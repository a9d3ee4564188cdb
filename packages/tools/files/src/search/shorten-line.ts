/** Characters of a found line that are shown. */
export const longestFoundLine = 400;

/** A found line as it is shown. */
export function shortenLine(text: string): string {
  const line = text.endsWith("\r") ? text.slice(0, -1) : text;
  const shown = line.length > longestFoundLine ? `${line.slice(0, longestFoundLine)} […]` : line;
  return shown.toWellFormed().replaceAll("\0", "\u2400");
}
