/** What of some kinds falls to one of so many: each kind to exactly one, spread evenly. */
export function spreadEvenly<Kind>(
  kinds: readonly Kind[],
  { number, total }: { readonly number: number; readonly total: number },
): ReadonlySet<Kind> {
  return new Set(kinds.filter((_kind, index) => number === 1 + Math.floor((total * index) / kinds.length)));
}
