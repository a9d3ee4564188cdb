const longest = 20_000;
/** What is not shown, or turns the reading direction, so that a text could look like another one. */
const unseen = /[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/gv;

/** A value as a person has to see it before deciding on it: as JSON, with what would not be seen written out. */
export function showExactly(value: unknown): string {
  const text = (JSON.stringify(value) ?? "nothing").replaceAll(
    unseen,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`,
  );
  if (text.length <= longest) return text;
  return `${text.slice(0, longest).toWellFormed()}\n[${text.length - longest} characters are not shown]`;
}
