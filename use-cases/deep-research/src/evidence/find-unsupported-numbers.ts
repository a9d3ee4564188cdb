/** Numbers of a text that stand in none of the quotes it rests on, however their digits are grouped: `4,200` is `4200`. */
export function findUnsupportedNumbers(text: string, quotes: readonly string[]): readonly string[] {
  const supported = new Set(quotes.flatMap(numbersOf).map(({ value }) => value));
  return numbersOf(text)
    .filter(({ value }) => !supported.has(value))
    .map(({ shown }) => shown);
}

function numbersOf(text: string): readonly { readonly shown: string; readonly value: string }[] {
  const matches = text.normalize("NFKC").match(/\d+(?:[.,' ]\d{3}(?!\d))*(?:[.,]\d+)?/g) ?? [];
  return matches.map((shown) => ({
    shown,
    value: shown.replaceAll(/[.,' ](?=\d{3}(?!\d))/g, "").replace(",", "."),
  }));
}
