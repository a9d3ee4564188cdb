/** The line ending that a text uses most; undefined when it has a single line. */
export function mainLineEnding(text: string): "\n" | "\r\n" | undefined {
  let crlf = 0;
  let lf = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    if (text[at - 1] === "\r") crlf += 1;
    else lf += 1;
  }
  if (crlf + lf === 0) return undefined;
  return crlf > lf ? "\r\n" : "\n";
}

/** Writes every line ending of `text` as `ending`. */
export function withLineEnding(text: string, ending: "\n" | "\r\n"): string {
  return text.replaceAll(/\r?\n/g, ending);
}
