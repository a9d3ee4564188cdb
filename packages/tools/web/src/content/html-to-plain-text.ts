import { decodeHTML } from "entities";
import type { Markdown } from "./html-to-markdown.ts";

/**
 * Text of a page that nothing better can be made of: tags are taken out and
 * entities decoded, in time that grows with its length.
 */
export function htmlToPlainText(html: string): Markdown {
  const title = /<title[^<>]*>([^<]*)/i.exec(html)?.[1] ?? "";
  const text = html
    .replace(/<(script|style|template|noscript)\b[^<>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi, " ")
    .replace(/<!--[\s\S]*?(?:-->|$)/g, " ")
    .replace(/<\/?(?:p|div|li|tr|h[1-6]|br|section|article|table|ul|ol)\b[^<>]*>/gi, "\n")
    .replace(/<[^<>]*>/g, " ")
    .replace(/[^\S\n]+/g, " ")
    .replace(/\s*\n\s*/g, "\n");
  return { title: decodeHTML(title).trim(), robots: "", text: decodeHTML(text).trim() };
}
