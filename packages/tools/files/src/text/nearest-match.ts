/** A hint for text that was not found: where it stands but for spaces, or that line numbers were copied along. */
export function nearestMatch(text: string, oldString: string): string {
  const wanted = lines(oldString);
  if (wanted.length > 0 && wanted.every((line) => /^\d+\t/.test(line) || line === "")) {
    return " It begins its lines with numbers: leave read_file's line numbers out.";
  }
  const squeezed = wanted.map(squeeze);
  while (squeezed[0] === "") squeezed.shift();
  while (squeezed.at(-1) === "") squeezed.pop();
  const [first] = squeezed;
  if (first === undefined) return "";
  const all = lines(text).map(squeeze);
  for (let at = all.indexOf(first); at !== -1; at = all.indexOf(first, at + 1)) {
    if (squeezed.every((line, index) => all[at + index] === line)) {
      return ` At line ${at + 1} it stands with other spaces or quotation marks: copy it from there.`;
    }
  }
  return " Read the lines in question again.";
}

function lines(text: string): string[] {
  return text.split(/\r?\n/);
}

function squeeze(line: string): string {
  return line.normalize("NFKC").replaceAll(/[‘’‚]/g, "'").replaceAll(/[“”„]/g, '"').replaceAll(/\s+/g, "");
}
