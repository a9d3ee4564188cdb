import { isDeepStrictEqual } from "node:util";
import type { KnowledgePage } from "@agentwerk/core";
import { Document } from "yaml";
import { decodeText } from "./decode-text.ts";
import { oneLine, parseHead, splitFrontMatter, textOf } from "./front-matter.ts";
import { otherLines } from "./other-lines.ts";

/** What is kept of a page that people wrote. */
export interface PageFile {
  readonly page: KnowledgePage;
  /** The front matter as it stands, for its keys beside ours, such as `title` and `resource`. */
  readonly head: string;
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
  const { head, body } = splitFrontMatter(decodeText(bytes));
  const values = parseHead(head);
  return {
    page: {
      slug,
      type: oneLine(textOf(values.type)) || "note",
      description: oneLine(textOf(values.description) || textOf(values.title) || firstLine(body)) || slug,
      tags: toTags(values.tags),
      timestamp: toTimestamp(values.timestamp) ?? modifiedAt,
      body,
    },
    head,
  };
}

/**
 * The file's content for a page; keys beside ours are taken over from the head that the file had, as people wrote them
 * where that goes together. Reading it back gives the same page.
 */
export function formatPage(
  { type, description, timestamp, tags, body }: KnowledgePage,
  head: string,
): string {
  const first = { type, description };
  const last = { ...(tags.length > 0 && { tags }), timestamp: new Date(timestamp).toISOString() };
  const others = Object.fromEntries(Object.entries(parseHead(head)).filter(([key]) => !ownKeys.has(key)));
  const compose = (lines: string): string => `${toYaml(first)}${lines}${toYaml(last)}`;
  const asWritten = compose(otherLines(head, ownKeys) ?? "");
  const isSame = isDeepStrictEqual(valuesOf(asWritten), { ...others, ...first, ...last });
  const written = isSame ? asWritten : toYaml({ ...first, ...others, ...last });
  return `---\n${written}---\n\n${body}\n`;
}

/** Undefined where the lines of a head do not go together. */
function valuesOf(head: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return parseHead(head);
  } catch {
    return undefined;
  }
}

function toYaml(values: Readonly<Record<string, unknown>>): string {
  return new Document(values).toString({ lineWidth: 0 });
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
