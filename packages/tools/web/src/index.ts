export type { ResolveHost } from "./net/guarded-lookup.ts";
export { type BraveSearchOptions, braveSearch } from "./search/brave-search.ts";
export {
  SearchFailure,
  type SearchProvider,
  type SearchQuery,
  type SearchResult,
} from "./search/search-provider.ts";
export { webFetch } from "./web-fetch.ts";
export type { WebFetchOptions } from "./web-fetch-options.ts";
export { type WebSearchOptions, webSearch } from "./web-search.ts";
