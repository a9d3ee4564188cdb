import type { HereDoc } from "unbash";
import { Refusal } from "./refusal.ts";

/**
 * The text of a here-document as a command reads it; undefined when it holds expansions.
 * @throws Refusal when it is not closed.
 */
export function readHereDocument({ operator, delimiter, body, closing }: HereDoc): string | undefined {
  if (delimiter === undefined || closing === undefined) {
    const wanted = delimiter?.value ?? "the delimiter";
    throw new Refusal(`The here-document is not closed: its last line has to be ${wanted}.`);
  }
  if (!delimiter.quoted && body.parts !== undefined) return undefined;
  const lines = operator === "<<-" ? body.text.replace(/^\t+/gm, "") : body.text;
  return delimiter.quoted ? lines : unescapeText(lines);
}

/** What a backslash means in a document whose delimiter is not quoted. */
function unescapeText(text: string): string {
  return text.replace(/\\([$`\\\n])/g, (_match, next: string) => (next === "\n" ? "" : next));
}
