import { decodeHTML } from "entities";

/** Text of a search service without its marks: tags gone, entities decoded once, blanks joined. */
export function toPlainText(html: string): string {
  return decodeHTML(html.replace(/<\/?[a-z][^>]*>/gi, ""))
    .replace(/\s+/g, " ")
    .trim()
    .toWellFormed();
}
