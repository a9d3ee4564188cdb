import { expect, test } from "vitest";
import { anthropic } from "./anthropic.ts";
import { resolveOptions } from "./anthropic-options.ts";
import { findModelFamily } from "./model-families.ts";

const apiKey = "sk-ant-0123456789";

test("a missing key is told at once, with the variable and where to get one", () => {
  expect(() => anthropic("claude-sonnet-4-5", { env: {} })).toThrow(/set ANTHROPIC_API_KEY, or pass apiKey/);
});

test("key and URL come from the environment unless given", () => {
  const env = { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: "http://localhost:8000/" };
  expect(resolveOptions({ env })).toMatchObject({
    apiKey,
    baseUrl: "http://localhost:8000",
    isOfficial: false,
  });
  expect(resolveOptions({ env, baseUrl: "https://api.anthropic.com" })).toMatchObject({ isOfficial: true });
});

test("known models bring window and price, dated names and proxies' prefixes included", () => {
  const model = anthropic("claude-sonnet-4-5-20250929", { apiKey, env: {} });
  expect(model).toMatchObject({
    contextWindow: 200_000,
    price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  });
  expect(findModelFamily("anthropic/claude-opus-5-5")?.name).toBe("claude-opus-5-5");
  expect(anthropic("claude-nobody", { apiKey, env: {} }).price).toBeUndefined();
  expect(anthropic("claude-sonnet-4-5", { apiKey, env: {} }).accepts).toEqual(["image", "document"]);
});

test("what is kept for an hour costs twice as much as other input, unless the price is given", () => {
  const kept = { apiKey, env: {}, promptCache: "1h" } as const;
  expect(anthropic("claude-sonnet-4-5", kept).price).toMatchObject({
    input: 3,
    cacheRead: 0.3,
    cacheWrite: 6,
  });
  const price = { input: 1, output: 1 };
  expect(anthropic("claude-sonnet-4-5", { ...kept, price }).price).toBe(price);
});
