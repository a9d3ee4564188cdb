import type { KnowledgePage } from "@agentwerk/core";
import { Document } from "yaml";
import { decodeText } from "./decode-text.ts";
import { oneLine, parseFrontMatter, textOf } from "./front-matter.ts";

/** What is kept of a page that people wrote: also the keys that are not ours. */
export interface PageFile {
  readonly page: KnowledgePage;
  /** Keys of the front matter beside ours, such as `title` and `resource`, in their order. */
  readonly others: Readonly<Record<string, unknown>>;
}

const ownKeys: ReadonlySet<string> = new Set(["type", "description", "timestamp", "tags"]);

/**
 * Reads a page leniently: what people leave out is filled in from the body and the file's time.
 * @throws Error that says what is damaged.
 */
export function parsePage(
  bytes: Buffer,
  { slug, modifiedAt }: { readonly slug: string; readonly modifiedAt: number },
): PageFile {
  const { values, body } = parseFrontMatter(decodeText(bytes));
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
