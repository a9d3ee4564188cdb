import {
  type Duration,
  defineTool,
  type Tool,
  type ToolContext,
  type ToolReturn,
  toMilliseconds,
  toolError,
} from "@agentwerk/core";
import {
  SearchFailure,
  type SearchProvider,
  type SearchQuery,
  type SearchResult,
} from "./search/search-provider.ts";
import { webSearchDescription } from "./web-search-text.ts";

export interface WebSearchOptions {
  /** The service that searches: `braveSearch()`, or your own. */
  readonly provider: SearchProvider;
  /** Results of a call that names no number; default 8. */
  readonly count?: number | undefined;
  /** For a whole call; default 20 seconds. */
  readonly timeout?: Duration | undefined;
}

/** What the input schema lets through. */
interface WebSearchInput {
  readonly query: string;
  readonly count?: number;
  readonly page?: number;
  readonly freshness?: SearchQuery["freshness"];
}

/**
 * The tool `web_search`: finds pages through a search service.
 * @throws AgentwerkError `invalid_input` naming the option.
 */
export function webSearch({ provider, count: usualCount = 8, timeout = "20s" }: WebSearchOptions): Tool {
  const timeoutMs = toMilliseconds(timeout, "timeout");

  const run = async (input: WebSearchInput, context: ToolContext): Promise<ToolReturn> => {
    const { query: text, count = usualCount, page = 1, freshness } = input;
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([context.signal, deadline]);
    try {
      const results = await provider.search({ text, count, page, freshness }, { signal });
      if (results.length === 0) return `No results for ${JSON.stringify(text)}.`;
      return results
        .map((result, index) => describeResult(result, (page - 1) * count + index + 1))
        .join("\n\n");
    } catch (error) {
      context.signal.throwIfAborted();
      if (deadline.aborted) return toolError(`The search did not answer within ${timeoutMs} ms.`);
      if (error instanceof SearchFailure) return toolError(error.message);
      throw error;
    }
  };

  return defineTool({
    name: "web_search",
    description: webSearchDescription,
    readOnly: true,
    // The tool keeps its own limit and says what happened; the loop's limit comes after that.
    timeout: timeoutMs + 10_000,
    input: {
      type: "object",
      properties: {
        query: { type: "string", minLength: 1, description: "A few words, as for a search engine." },
        count: {
          type: "integer",
          minimum: 1,
          maximum: 20,
          description: `Results; ${usualCount} unless given.`,
        },
        page: { type: "integer", minimum: 1, maximum: 10, description: "Further results; 1 unless given." },
        freshness: {
          type: "string",
          enum: ["day", "week", "month", "year"],
          description: "How old at most.",
        },
      },
      required: ["query"],
      additionalProperties: false,
    },
    run: (input, context) => run(input as unknown as WebSearchInput, context),
  });
}

function describeResult({ title, url, snippet, age }: SearchResult, number: number): string {
  const head = `${number}. ${title}${age === undefined ? "" : ` (${age})`}`;
  return [head, `   ${url}`, ...(snippet === "" ? [] : [`   ${snippet}`])].join("\n");
}
