import { isUtf8 } from "node:buffer";
import type { KnowledgePage } from "@agentwerk/core";
import { Document, LineCounter, parseDocument } from "yaml";

/** What is kept of a page that people wrote: also the keys that are not ours. */
export interface PageFile {
  readonly page: KnowledgePage;
  /** Keys of the front matter beside ours, such as `title` and `resource`, in their order. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** Bytes of a page's front matter, and of a page: more is a mistake or an attack. */
const longestHead = 65_536;
export const longestPage = 1_048_576;

const ownKeys: ReadonlySet<string> = new Set(["type", "description", "timestamp", "tags"]);

/**
 * Reads a page leniently: what people leave out is filled in from the body and the file's time.
 * @throws Error that says what is damaged.
 */
export function parsePage(
  bytes: Buffer,
  { slug, modifiedAt }: { readonly slug: string; readonly modifiedAt: number },
): PageFile {
  if (bytes.length > longestPage) throw new Error(`it is larger than ${longestPage / 1_048_576} MiB`);
  if (!isUtf8(bytes) || bytes.includes(0)) throw new Error("it is not UTF-8 text");
  const text = bytes
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n");
  const { head, body } = splitFrontMatter(text);
  const values = head === undefined ? {} : parseHead(head);
  const others = Object.fromEntries(Object.entries(values).filter(([key]) => !ownKeys.has(key)));
  return {
    page: {
      slug,
      type: oneLine(textOf(values.type)) || "note",
      description: oneLine(textOf(values.description) || textOf(values.title) || firstLine(body)) || slug,
      tags: toTags(values.tags),
      timestamp: toTimestamp(values.timestamp) ?? modifiedAt,
      body,
    },
    others,
  };
}

/** The file's content for a page. Reading it back gives the same page. */
export function formatPage(
  { type, description, timestamp, tags, body }: KnowledgePage,
  others: Readonly<Record<string, unknown>>,
): string {
  const head = new Document({
    type,
    description,
    ...others,
    ...(tags.length > 0 && { tags }),
    timestamp: new Date(timestamp).toISOString(),
  });
  return `---\n${head.toString({ lineWidth: 0 })}---\n\n${body}\n`;
}

/** Whitespace of any kind as one space: a description is one line of the index. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

/** As a page's body is kept: without empty lines around it, and with `\n` as line ending. */
export function trimBody(body: string): string {
  return body
    .replaceAll("\r\n", "\n")
    .replaceAll("\0", "")
    .toWellFormed()
    .replace(/^\n+/, "")
    .replace(/\s+$/, "");
}

function splitFrontMatter(text: string): { readonly head: string | undefined; readonly body: string } {
  if (!/^---[ \t]*\n/.test(text)) return { head: undefined, body: trimBody(text) };
  const start = text.indexOf("\n") + 1;
  const end = /^(---|\.\.\.)[ \t]*$/m.exec(text.slice(start, start + longestHead));
  if (end === null) throw new Error("its front matter has no end");
  const head = text.slice(start, start + end.index);
  return { head, body: trimBody(text.slice(start + end.index + end[0].length)) };
}

/** No aliases: a few lines of them can stand for gigabytes. */
function parseHead(head: string): Readonly<Record<string, unknown>> {
  const document = parseDocument(head, {
    schema: "core",
    uniqueKeys: true,
    logLevel: "silent",
    prettyErrors: false,
    lineCounter: new LineCounter(),
  });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`its front matter is not YAML: ${oneLine(error.message)}`);
  let values: unknown;
  try {
    values = document.toJS({ maxAliasCount: 0 });
  } catch {
    throw new Error("its front matter uses YAML aliases");
  }
  if (values === null) return {};
  if (typeof values !== "object" || Array.isArray(values))
    throw new Error("its front matter is not a list of keys");
  return values as Readonly<Record<string, unknown>>;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function toTags(value: unknown): readonly string[] {
  const items = typeof value === "string" ? value.split(",") : value;
  if (!Array.isArray(items)) return [];
  return [...new Set(items.map((item) => oneLine(textOf(item))).filter((tag) => tag !== ""))];
}

function toTimestamp(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}

function firstLine(body: string): string {
  const line = body.split("\n").find((candidate) => candidate.trim() !== "") ?? "";
  return line
    .replace(/^#+\s*/, "")
    .slice(0, 200)
    .toWellFormed();
}
