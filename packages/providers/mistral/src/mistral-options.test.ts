import { expect, test } from "vitest";
import { mistral } from "./mistral.ts";
import { resolveOptions } from "./mistral-options.ts";
import { findModelFamily } from "./model-families.ts";

const apiKey = "0123456789abcdef";

test("a missing key is told at once, with the variable and where to get one", () => {
  expect(() => mistral("mistral-large-latest", { env: {} })).toThrow(/set MISTRAL_API_KEY, or pass apiKey/);
});

test("key and URL come from the environment unless given", () => {
  const env = { MISTRAL_API_KEY: apiKey, MISTRAL_BASE_URL: "http://localhost:8000/" };
  expect(resolveOptions({ env })).toMatchObject({ apiKey, baseUrl: "http://localhost:8000" });
});

test("known models bring window and price, aliases and proxies' prefixes included", () => {
  const model = mistral("mistral-medium-latest", { apiKey, env: {} });
  expect(model).toMatchObject({
    contextWindow: 256_000,
    price: { input: 1.5, output: 7.5, cacheRead: 0.15 },
  });
  expect(findModelFamily("mistral/devstral-2512")?.name).toBe("devstral-2512");
  expect(mistral("unknown", { apiKey, env: {} }).price).toBeUndefined();
  expect(mistral("mistral-large-4", { apiKey, env: {} }).accepts).toEqual(["image", "document"]);
  expect(mistral("codestral-2508", { apiKey, env: {} }).accepts).toEqual([]);
});
