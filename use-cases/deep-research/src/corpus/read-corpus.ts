import { readdirSync, readFileSync } from "node:fs";

/** An article of the corpus: a heading, a date, then paragraphs with links to other articles. */
export interface Article {
  readonly slug: string;
  readonly title: string;
  /** As 2026-03-11. */
  readonly published: string;
  readonly paragraphs: readonly string[];
}

export function readCorpus(folder: URL): readonly Article[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".md"));
  return names.sort().map((name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const [, title = "", published = "", body = ""] = /^# (.+)\n(\S+)\n\n([\s\S]*)$/.exec(text) ?? [];
    return { slug: name.slice(0, -".md".length), title, published, paragraphs: body.trim().split(/\n{2,}/) };
  });
}

/** A paragraph as it is read, its links only by their text. */
export function toPlainText(paragraph: string): string {
  return paragraph.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, "$1");
}
