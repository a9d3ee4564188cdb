/** Names that are almost `asked`: other case, other Unicode form, other ending, or few letters apart; best first. */
export function nearNames(asked: string, names: readonly string[]): readonly string[] {
  const wanted = simplify(asked);
  const stem = withoutEnding(wanted);
  const longest = Math.max(1, Math.min(3, Math.floor(wanted.length / 3)));
  const rated: { readonly name: string; readonly distance: number }[] = [];
  for (const name of names) {
    const candidate = simplify(name);
    if (Math.abs(candidate.length - wanted.length) <= longest) {
      const distance = editDistance(wanted, candidate, longest);
      if (distance <= longest) {
        rated.push({ name, distance });
        continue;
      }
    }
    if (stem.length > 2 && withoutEnding(candidate) === stem) rated.push({ name, distance: longest + 1 });
  }
  return rated
    .sort((one, other) => one.distance - other.distance || (one.name < other.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

function simplify(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

function withoutEnding(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

/** Levenshtein's distance, given up past `most`. */
function editDistance(one: string, other: string, most: number): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const above = previous[column] ?? 0;
      const left = current[column - 1] ?? 0;
      const diagonal = previous[column - 1] ?? 0;
      const change = one[row - 1] === other[column - 1] ? 0 : 1;
      current.push(Math.min(above + 1, left + 1, diagonal + change));
    }
    if (Math.min(...current) > most) return most + 1;
    previous = current;
  }
  return previous[other.length] ?? most + 1;
}
