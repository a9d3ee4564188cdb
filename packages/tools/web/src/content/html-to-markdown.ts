/// <reference path="./untyped-packages.d.ts" />

import { gfm } from "@joplin/turndown-plugin-gfm";
import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import TurndownService from "turndown";
import { htmlToPlainText } from "./html-to-plain-text.ts";

export interface Markdown {
  readonly title: string;
  /** What `<meta name="robots">` says. */
  readonly robots: string;
  readonly text: string;
}

export interface HtmlOptions {
  readonly url: URL;
  /** The whole page instead of its main content. */
  readonly full: boolean;
}

/** Beyond this many characters, and for trees too deep to walk, the page is given as plain text. */
const longestHtml = 3_000_000;
/** Main content shorter than this is a sign that the page has none: a list of links, a form, an application. */
const shortestArticle = 140;

const noise =
  "script, style, noscript, template, iframe, object, embed, svg, canvas, dialog, [hidden], body > title";

/** Turns a page into markdown: its main content, with absolute links. Never throws. */
export function htmlToMarkdown(html: string, options: HtmlOptions): Markdown {
  if (html.length > longestHtml) return htmlToPlainText(html);
  try {
    return convert(html, options);
  } catch {
    return htmlToPlainText(html);
  }
}

function convert(html: string, { url, full }: HtmlOptions): Markdown {
  const { document } = parseHTML(withBody(html));
  const robots = document.querySelector('meta[name="robots" i]')?.getAttribute("content") ?? "";
  const title = document.querySelector("title")?.textContent?.trim() ?? "";
  for (const element of document.querySelectorAll(noise)) element.remove();
  makeLinksAbsolute(document, url);
  const whole = document.body?.innerHTML ?? "";
  const article = full ? null : new Readability(document, { keepClasses: true }).parse();
  const isArticle = (article?.textContent?.trim().length ?? 0) >= shortestArticle;
  const text = toMarkdown(isArticle ? (article?.content ?? whole) : whole);
  return { title: article?.title?.trim() || title, robots, text };
}

/** The parser makes no elements whose tags are left out, as HTML allows for these: all would be outside of any body. */
function withBody(html: string): string {
  if (!/<html[\s>]/i.test(html)) return `<!doctype html><html><body>${html}</body></html>`;
  if (/<(?:body|frameset)[\s>]/i.test(html)) return html;
  const { index, 0: tag } = /<\/head\s*>/i.exec(html) ??
    /<html(?:\s[^>]*)?>/i.exec(html) ?? { index: 0, 0: "" };
  const start = index + tag.length;
  return `${html.slice(0, start)}<body>${html.slice(start)}`;
}

function makeLinksAbsolute(document: ReturnType<typeof parseHTML>["document"], url: URL): void {
  const baseHref = document.querySelector("base[href]")?.getAttribute("href") ?? "";
  const base = URL.canParse(baseHref, url.href) ? new URL(baseHref, url) : url;
  for (const [selector, attribute] of [
    ["a[href]", "href"],
    ["img[src]", "src"],
  ] as const) {
    for (const element of document.querySelectorAll(selector)) {
      const given = element.getAttribute(attribute) ?? "";
      const target = URL.canParse(given, base.href) ? new URL(given, base) : undefined;
      const isUseful = target !== undefined && /^(?:https?|mailto):$/.test(target.protocol);
      if (isUseful) element.setAttribute(attribute, target.href);
      else element.removeAttribute(attribute);
    }
  }
}

function toMarkdown(html: string): string {
  const service = new TurndownService({
    headingStyle: "atx",
    codeBlockStyle: "fenced",
    bulletListMarker: "-",
    emDelimiter: "*",
  });
  service.use(gfm);
  return service
    .turndown(html)
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
