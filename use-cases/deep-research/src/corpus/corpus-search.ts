import { SearchFailure, type SearchProvider } from "@agentwerk/tools-web";
import { z } from "zod";
import type { CorpusHit } from "./serve-corpus.ts";

const hits: z.ZodType<readonly CorpusHit[]> = z.array(
  z.object({ title: z.string(), url: z.url(), snippet: z.string(), age: z.string() }),
);

/** The search of a corpus server behind `web_search`. */
export function corpusSearch(url: string): SearchProvider {
  return {
    name: "corpus",
    async search({ text, count, page }, { signal }) {
      const query = new URLSearchParams({ q: text, count: String(count), page: String(page) });
      const response = await fetch(`${url}/search?${query}`, { signal });
      if (!response.ok) throw new SearchFailure(`The corpus answered with status ${response.status}.`);
      return hits.parse(await response.json());
    },
  };
}
