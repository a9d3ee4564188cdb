import type { ScannedText } from "./scan-file.ts";

/** Lines with their numbers, and in brackets at the end what the model has to know to see the rest. */
export function formatLines(
  { lines, total, stoppedByCharacters, damaged, encoding }: ScannedText,
  { offset, column }: { readonly offset: number; readonly column: number },
): string {
  const numbered = lines.map(({ text, cut }, index) => {
    const rest = cut > 0 ? ` […${cut} more characters: column ${column + text.length}]` : "";
    return `${offset + index}\t${text.replaceAll("\0", "\u2400")}${rest}`;
  });
  const notes: string[] = [];
  const last = offset + lines.length - 1;
  if (total === undefined) {
    notes.push(`the file goes on; continue with offset ${last + 1}`);
  } else if (last < total) {
    const why = stoppedByCharacters ? ", cut by length" : "";
    notes.push(`lines ${offset} to ${last} of ${total}${why}; continue with offset ${last + 1}`);
  }
  if (damaged) notes.push(`some bytes are not valid ${encoding} and are shown as \uFFFD`);
  else if (encoding !== "utf-8") notes.push(`the file is ${encoding}`);
  if (notes.length > 0) numbered.push(`(${notes.join("; ")})`);
  return numbered.join("\n");
}
