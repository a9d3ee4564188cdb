import { AgentwerkError, toErrorMessage } from "@agentwerk/core";
import {
  SearchFailure,
  type SearchProvider,
  type SearchQuery,
  type SearchResult,
} from "./search-provider.ts";
import { toPlainText } from "./to-plain-text.ts";

export interface BraveSearchOptions {
  /** Default `BRAVE_API_KEY` of the environment. */
  readonly apiKey?: string | undefined;
  /** Default `https://api.search.brave.com`. */
  readonly baseUrl?: string | undefined;
  /** Two letters, as in `DE`. */
  readonly country?: string | undefined;
  /** Two letters, as in `de`. */
  readonly language?: string | undefined;
  readonly safeSearch?: "off" | "moderate" | "strict" | undefined;
}

/** What Brave takes at most, by its documentation of the web search endpoint. */
const mostResults = 20;
const lastOffset = 9;
const longestQuery = 400;

const freshnessCodes = { day: "pd", week: "pw", month: "pm", year: "py" } as const;

/**
 * Brave's web search.
 * @throws AgentwerkError `invalid_input` without a key.
 */
export function braveSearch(options: BraveSearchOptions = {}): SearchProvider {
  const { apiKey = process.env.BRAVE_API_KEY, baseUrl = "https://api.search.brave.com" } = options;
  if (apiKey === undefined || apiKey.trim() === "") {
    throw new AgentwerkError({
      code: "invalid_input",
      field: "apiKey",
      message: "Brave Search needs a key: set BRAVE_API_KEY or give apiKey.",
    });
  }
  return {
    name: "brave",
    async search(query, { signal }) {
      const url = toUrl(baseUrl, query, options);
      const response = await send(url, { apiKey: apiKey.trim(), signal });
      return readResults(await response.json().catch(() => undefined)).slice(0, query.count);
    },
  };
}

function toUrl(
  baseUrl: string,
  { text, count, page, freshness }: SearchQuery,
  options: BraveSearchOptions,
): URL {
  if (page - 1 > lastOffset) throw new SearchFailure(`There are no results beyond page ${lastOffset + 1}.`);
  if (text.length > longestQuery)
    throw new SearchFailure(`The query is longer than ${longestQuery} characters.`);
  const url = new URL(`${baseUrl.replace(/\/+$/, "")}/res/v1/web/search`);
  const parameters: Readonly<Record<string, string | undefined>> = {
    q: text,
    count: String(Math.min(count, mostResults)),
    offset: page > 1 ? String(page - 1) : undefined,
    freshness: freshness && freshnessCodes[freshness],
    country: options.country,
    search_lang: options.language,
    safesearch: options.safeSearch,
    result_filter: "web",
    text_decorations: "false",
  };
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

async function send(
  url: URL,
  { apiKey, signal }: { readonly apiKey: string; readonly signal: AbortSignal },
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { accept: "application/json", "x-subscription-token": apiKey },
      redirect: "error",
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    const { cause } = error as Error;
    throw new SearchFailure(`Brave Search could not be reached: ${toErrorMessage(cause ?? error)}.`, {
      cause: error,
    });
  }
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => undefined);
  throw new SearchFailure(describeStatus(response, textAt(body, "error", "detail")));
}

function describeStatus({ status, headers }: Response, detail: string | undefined): string {
  const said = detail === undefined ? "" : ` It says: ${detail}`;
  if (status === 401 || status === 403) return `Brave Search refused the key (${status}).${said}`;
  if (status === 429) {
    const seconds = headers.get("x-ratelimit-reset")?.split(",", 1)[0] ?? headers.get("retry-after");
    return `Brave Search has no more requests for now (429)${seconds ? `; try again in ${seconds} s` : ""}.${said}`;
  }
  return `Brave Search answered with status ${status}.${said}`;
}

/** Lenient: a result without a URL is left out, anything else that is missing is empty. */
function readResults(body: unknown): readonly SearchResult[] {
  const results = at(body, "web", "results");
  if (!Array.isArray(results)) return [];
  return results.flatMap((result: unknown) => {
    const url = textAt(result, "url");
    if (url === undefined) return [];
    const extra = at(result, "extra_snippets");
    const snippets = [textAt(result, "description"), ...(Array.isArray(extra) ? extra : [])];
    const texts = snippets.filter((snippet) => typeof snippet === "string").map(toPlainText);
    return [
      {
        title: toPlainText(textAt(result, "title") ?? url),
        url,
        snippet: texts.filter((text) => text !== "").join(" … "),
        age: textAt(result, "age") ?? textAt(result, "page_age"),
      },
    ];
  });
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" && found.trim() !== "" ? found : undefined;
}
