/**
 * Control characters but line ends and tabs, and characters that show nothing or turn the reading direction: they hide
 * text from people that a model would read.
 */
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

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
