/** The candidate that `word` was probably meant to be; `undefined` when none is near. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = distanceOf(word.toLowerCase(), candidate.toLowerCase());
    if (best === undefined || distance < best.distance) best = { candidate, distance };
  }
  const most = Math.max(1, Math.floor(word.length * 0.4));
  return best !== undefined && best.distance <= most ? best.candidate : undefined;
}

/** ` Did you mean x?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = closest(word, candidates);
  return found === undefined ? "" : ` Did you mean ${found}?`;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function distanceOf(left: string, right: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let value = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) value = Math.min(value, (beforeLast[column - 2] ?? value) + 1);
      current.push(value);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
