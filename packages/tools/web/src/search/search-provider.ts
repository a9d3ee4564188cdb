export interface SearchQuery {
  readonly text: string;
  /** Results wanted; a service may give fewer. */
  readonly count: number;
  /** From 1. */
  readonly page: number;
  /** How old a result may be at most. */
  readonly freshness?: "day" | "week" | "month" | "year" | undefined;
}

export interface SearchResult {
  readonly title: string;
  readonly url: string;
  /** Plain text, without markup. */
  readonly snippet: string;
  /** When the page was published or changed, in the words of the service. */
  readonly age?: string | undefined;
}

/** A search service behind `web_search`. */
export interface SearchProvider {
  readonly name: string;
  /** Best first. What the model can work around, such as a limit reached, is a `SearchFailure`. */
  search(query: SearchQuery, options: { readonly signal: AbortSignal }): Promise<readonly SearchResult[]>;
}

/** Why a search gave no results, in words for the model. */
export class SearchFailure extends Error {
  override name = "SearchFailure";
}
