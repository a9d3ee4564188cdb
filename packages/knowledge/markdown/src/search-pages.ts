import type { KnowledgePage } from "@agentwerk/core";
import MiniSearch from "minisearch";

/** A full-text index that follows a set of pages. */
export interface PageSearch {
  put(page: KnowledgePage): void;
  remove(slug: string): void;
  /** Slugs, best first. */
  find(query: string, limit: number): readonly string[];
}

/** Words by the rules of Unicode, so that Chinese, Japanese and Thai, which have no spaces, are found as well. */
const words = new Intl.Segmenter(undefined, { granularity: "word" });

export function pageSearch(): PageSearch {
  const index = new MiniSearch<KnowledgePage>({
    idField: "slug",
    fields: ["slug", "description", "tags", "body"],
    extractField: (page, field) => {
      const value: unknown = page[field as keyof KnowledgePage];
      return Array.isArray(value) ? value.join(" ") : String(value);
    },
    tokenize,
    processTerm: (term) => term.normalize("NFKC").toLowerCase(),
  });
  return {
    put(page) {
      if (index.has(page.slug)) index.replace(page);
      else index.add(page);
    },
    remove(slug) {
      if (index.has(slug)) index.discard(slug);
    },
    find(query, limit) {
      const found = index.search(query.slice(0, 1_000), {
        boost: { slug: 3, description: 2, tags: 2 },
        prefix: (term) => term.length > 2,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      });
      return found.slice(0, limit).map(({ id }) => String(id));
    },
  };
}

function tokenize(text: string): string[] {
  const terms: string[] = [];
  for (const { segment, isWordLike } of words.segment(text)) if (isWordLike === true) terms.push(segment);
  return terms;
}
