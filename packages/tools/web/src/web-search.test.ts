import { readdirSync } from "node:fs";
import type { ToolReturn } from "@agentwerk/core";
import { runTool, toolSuite } from "@agentwerk/core/testing";
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import { braveSearch } from "./search/brave-search.ts";
import type { SearchProvider } from "./search/search-provider.ts";
import { toPlainText } from "./search/to-plain-text.ts";
import { serve } from "./testing/serve.ts";
import { webSearch } from "./web-search.ts";

// The fields of Brave's documented response, WebSearchApiResponse.
const found = {
  type: "search",
  query: { original: "agents", more_results_available: true },
  web: {
    type: "search",
    results: [
      {
        type: "search_result",
        title: "First &amp; <strong>best</strong>",
        url: "https://example.com/1",
        description: "About <strong>agents</strong> &#39;n&#x27; co.",
        age: "2 days ago",
        page_age: "2026-11-20T00:00:00",
        extra_snippets: ["More &lt;b&gt;"],
        language: "en",
        meta_url: { hostname: "example.com" },
      },
      { title: "Second", url: "https://example.com/2", description: "" },
      { title: "without a URL" },
      { url: "https://example.com/3" },
    ],
  },
};

const server = await serve((request, response) => {
  const query = new URL(request.url ?? "/", "http://x").searchParams.get("q");
  const answer = (status: number, body: unknown, headers = {}): void => {
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(typeof body === "string" ? body : JSON.stringify(body));
  };
  if (query === "key")
    answer(401, {
      type: "ErrorResponse",
      error: { code: "SUBSCRIPTION_TOKEN_INVALID", detail: "The token is invalid.", status: 401 },
    });
  else if (query === "limit")
    answer(429, { error: { detail: "Request rate limit exceeded" } }, { "x-ratelimit-reset": "1, 1419704" });
  else if (query === "broken") answer(200, "<html>");
  else if (query === "failed") answer(500, "oops");
  else if (query === "away") response.writeHead(302, { location: "http://example.com/" }).end();
  else if (query === "nothing") answer(200, { type: "search", query: {} });
  else if (query !== "slow") answer(200, found);
});
afterAll(() => server[Symbol.asyncDispose]());

const provider = braveSearch({
  apiKey: " key-1 ",
  baseUrl: `${server.url}/`,
  country: "DE",
  language: "de",
  safeSearch: "strict",
});

async function search(query: string, input: object = {}): Promise<string> {
  return messageOf(await runTool(webSearch({ provider, timeout: "2s" }), { query, ...input }));
}

function messageOf(returned: ToolReturn): string {
  return typeof returned === "string"
    ? returned
    : `ERROR ${(returned as { readonly message: string }).message}`;
}

toolSuite({
  name: "web_search",
  open: async () => ({ tool: webSearch({ provider }), state: async () => readdirSync(".") }),
  valid: [
    { query: "agents" },
    { query: "nothing" },
    { query: "agents", count: 2, page: 2, freshness: "week" },
  ],
  invalid: [
    {},
    { query: "" },
    { query: "x", count: 0 },
    { query: "x", count: 21 },
    { query: "x", page: 11 },
    { query: "x", freshness: "hour" },
    { q: "x" },
  ],
  failing: [{ query: "key" }, { query: "limit" }, { query: "failed" }, { query: "x".repeat(401) }],
  slow: { query: "slow" },
});

describe("searching with Brave", () => {
  it("lists what was found as plain text", async () => {
    expect(await search("agents")).toBe(
      "1. First & best (2 days ago)\n   https://example.com/1\n   About agents 'n' co. … More <b>\n\n2. Second\n   https://example.com/2\n\n3. https://example.com/3\n   https://example.com/3",
    );
  });

  it("sends the documented parameters, and the key in its header", async () => {
    await search("two words", { count: 5, page: 3, freshness: "month" });
    const request = server.requests.at(-1);
    const { pathname, searchParams } = new URL(request?.url ?? "", server.url);
    expect(pathname).toBe("/res/v1/web/search");
    expect(Object.fromEntries(searchParams)).toEqual({
      q: "two words",
      count: "5",
      offset: "2",
      freshness: "pm",
      country: "DE",
      search_lang: "de",
      safesearch: "strict",
      result_filter: "web",
      text_decorations: "false",
    });
    expect(request?.headers).toMatchObject({ "x-subscription-token": "key-1", accept: "application/json" });
  });

  it.each([
    ["key", /^ERROR Brave Search refused the key \(401\)\. It says: The token is invalid\./],
    ["limit", /^ERROR .*\(429\); try again in 1 s\. It says: Request rate/],
    ["failed", /^ERROR Brave Search answered with status 500/],
    ["away", /^ERROR Brave Search could not be reached/],
    ["slow", /^ERROR The search did not answer within 2000 ms/],
    ["broken", /^No results for "broken"/],
    ["nothing", /^No results for "nothing"/],
  ])("answers %j with %s", async (query, expected) => {
    const text = await search(query);
    expect(text).toMatch(expected);
    expect(text).not.toContain("key-1");
  });

  it("numbers further pages on, and gives no more than was asked for", async () => {
    expect(await search("agents", { count: 2, page: 2 })).toMatch(/^3\. First[\s\S]*4\. Second[^.]*$/m);
  });

  it("takes its key from the environment, and says where it is missing", () => {
    vi.stubEnv("BRAVE_API_KEY", "");
    expect(() => braveSearch()).toThrow(expect.objectContaining({ code: "invalid_input", field: "apiKey" }));
    vi.stubEnv("BRAVE_API_KEY", "k");
    expect(braveSearch().name).toBe("brave");
    vi.unstubAllEnvs();
  });
});

it("another service fills the same interface", async () => {
  const own: SearchProvider = {
    name: "own",
    search: async ({ text }) => [{ title: text, url: "https://a.example/", snippet: "s" }],
  };
  expect(await runTool(webSearch({ provider: own }), { query: "q" })).toBe(
    "1. q\n   https://a.example/\n   s",
  );
});

it("plain text holds no marks and never fails", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(toPlainText(`<b>${text}</b>`).isWellFormed()).toBe(true);
    }),
  );
});
