import type { ContentJob } from "../content.worker.ts";
import { FetchFailure } from "../net/fetch-failure.ts";
import type { FetchedPage } from "../net/fetch-page.ts";
import { decodeText } from "./decode-text.ts";
import { imageTypeOf } from "./find-image.ts";

export interface DescribeOptions {
  readonly full: boolean;
  readonly convert: Convert;
  readonly signal: AbortSignal;
}

export interface Content {
  readonly text: string;
  readonly title?: string;
  readonly robots?: string;
}

/** Turns HTML and PDFs into text, away from the event loop. */
export type Convert = (job: ContentJob, signal: AbortSignal) => Promise<Content>;

/**
 * What the model reads about a page: where it is from, what it is, and its content.
 * @throws FetchFailure for what is no text.
 */
export async function describePage(page: FetchedPage, options: DescribeOptions): Promise<string> {
  const { text, title = "", robots = "" } = await toContent(page, options);
  const directives = [page.robots, robots].filter((part) => part !== "").join(", ");
  const lines = [
    `URL: ${page.url.href}`,
    `Content-Type: ${page.contentType || "not named"}`,
    ...(title === "" ? [] : [`Title: ${title.replace(/\s+/g, " ")}`]),
    ...(directives === "" ? [] : [`Robots: ${directives}`]),
    ...(page.cut === undefined ? [] : [`Incomplete: ${page.cut}`]),
  ];
  return `${lines.join("\n")}\n\n${text === "" ? "(no text)" : text}`;
}

/** By the content type; where that says nothing, by how the body begins. */
async function toContent(page: FetchedPage, { full, convert, signal }: DescribeOptions): Promise<Content> {
  const { bytes, url, contentType } = page;
  const named = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const type = named === "" || named === "application/octet-stream" ? sniffType(bytes) : named;
  if (type === "application/pdf") {
    if (page.cut !== undefined) throw new FetchFailure(`The PDF is incomplete: ${page.cut}.`);
    return await convert({ kind: "pdf", bytes }, signal);
  }
  if (type === "text/html" || type === "application/xhtml+xml") {
    const html = decodeText(bytes, { contentType, isHtml: true });
    return await convert({ kind: "html", html, url: url.href, full }, signal);
  }
  const isText =
    /^text\/|[/+](?:json|xml|yaml|x-yaml|toml|javascript|x-javascript|ecmascript|x-ndjson|x-sh|sql|graphql)$/.test(
      type,
    );
  if (!isText) throw new FetchFailure(`${url.href} is ${type} of ${bytes.length} bytes, which is not text.`);
  return { text: decodeText(bytes, { contentType, isHtml: false }).trim() };
}

function sniffType(bytes: Buffer): string {
  const start = bytes.subarray(0, 1_024).toString("latin1");
  if (start.startsWith("%PDF-")) return "application/pdf";
  const image = imageTypeOf(bytes);
  if (image !== undefined) return image;
  if (/^\s*(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html|head|body)\b/i.test(start)) return "text/html";
  const isMarked = /^(?:\xff\xfe|\xfe\xff)/.test(start);
  return start.includes("\0") && !isMarked ? "application/octet-stream" : "text/plain";
}
