const stopWords: ReadonlySet<string> = new Set(
  `a about all an and any are as at be been but by can could do does did for from had has have how in into is it its many
  much more most of on or other our out over should so some than that the their them there these they this to was well were
  what when where which while who whom whose why will with work works would you known say says good bad`
    .split(/\s+/)
    .filter((word) => word !== ""),
);

/** The words of a text that say what it is about, each once, in order. */
export function keywords(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[\p{L}\d][\p{L}\d-]*/gu) ?? [];
  return [...new Set(words.filter((word) => word.length > 2 && !stopWords.has(word)))];
}

/** The beginning of a word, by which its forms are the same. */
function stem(word: string): string {
  return word.replace(/(?:ies|es|s|ing|ed)$/, "").slice(0, 7);
}

/** How many of the words a text holds, in any form. */
export function overlap(words: readonly string[], text: string): number {
  const held = new Set(keywords(text).map(stem));
  return words.filter((word) => held.has(stem(word))).length;
}
