/**
 * Control characters but line ends and tabs, and characters that show nothing or turn the reading direction: they hide
 * text from people that a model would read. What joins letters and emoji stays.
 */
const hidden =
  /[[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]--[\t\n\r\u200c\u200d\ufe0e\ufe0f]]/gv;

/** A stranger's text without hidden characters, in at most `longest` characters. */
export function cleanText(text: string, longest: number): string {
  const clean = text
    .slice(0, longest * 2)
    .toWellFormed()
    .replaceAll(hidden, "")
    .replaceAll("\r\n", "\n")
    .trim();
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1).toWellFormed()}…`;
}

/** The same in one line, for names and messages. */
export function cleanLine(text: string, longest: number): string {
  return cleanText(text.slice(0, longest * 4).replaceAll(/\s+/g, " "), longest);
}

/** Whether a text holds characters that {@link cleanText} takes out. */
export function hidesText(text: string): boolean {
  return text.search(hidden) !== -1;
}
