import { expect, test } from "vitest";
import { findModelFamily } from "./model-families.ts";
import { openai } from "./openai.ts";
import { resolveOptions } from "./openai-options.ts";

const apiKey = "sk-0123456789";

test("a missing key is told at once, with the variable and where to get one", () => {
  expect(() => openai("gpt-5", { env: {} })).toThrow(/set OPENAI_API_KEY, or pass apiKey/);
  expect(() => openai("gpt-5", { env: { OPENAI_API_KEY: " " } })).toThrow(/OPENAI_API_KEY/);
});

test("key, URL, organisation and project come from the environment unless given", () => {
  const env = {
    OPENAI_API_KEY: apiKey,
    OPENAI_BASE_URL: "http://localhost:8000/v1/",
    OPENAI_ORG_ID: "org",
    OPENAI_PROJECT_ID: "proj",
  };
  expect(resolveOptions({ env })).toMatchObject({
    apiKey,
    baseUrl: "http://localhost:8000/v1",
    organization: "org",
    project: "proj",
    timeoutMs: 300_000,
    idleTimeoutMs: 120_000,
  });
  expect(resolveOptions({ env, apiKey: "other", baseUrl: "https://example.com" })).toMatchObject({
    apiKey: "other",
    baseUrl: "https://example.com",
  });
});

test("a key that no header can carry is refused without being shown", () => {
  expect(() => openai("gpt-5", { apiKey: `${apiKey}\nx`, env: {} })).toThrow(
    /apiKey has spaces, line breaks/,
  );
  expect(() => openai("gpt-5", { apiKey: `${apiKey}\nx`, env: {} })).not.toThrow(apiKey);
});

test("a wrong URL or timeout names its option", () => {
  expect(() => openai("m", { baseUrl: "localhost:8000", env: {} })).toThrow(/^baseUrl is "localhost:8000"/);
  const timeout = "soon" as "1s";
  expect(() => openai("m", { apiKey, timeout, env: {} })).toThrow(/^timeout is "soon"/);
});

test("known models bring window and price, dated names and proxies' prefixes included", () => {
  const model = openai("gpt-5-mini-2025-08-07", { apiKey, env: {} });
  expect(model).toMatchObject({ contextWindow: 400_000, price: { input: 0.25, output: 2 } });
  expect(model.accepts).toEqual(["image", "document"]);
  expect(model.maxOutputTokens).toBeUndefined();
  expect(findModelFamily("openai/gpt-4o")?.name).toBe("gpt-4o");
  expect(findModelFamily("gpt-4o-audio-preview")).toBeUndefined();
});

test("what is given wins over the table, and an unknown model has no price and takes text only", () => {
  const price = { input: 9, output: 9 };
  const accepts = ["image"] as const;
  expect(openai("gpt-5", { apiKey, env: {}, contextWindow: 1_000, price, accepts })).toMatchObject({
    contextWindow: 1_000,
    price,
    accepts,
  });
  expect(openai("llama", { apiKey, env: {} }).price).toBeUndefined();
  expect(openai("llama", { apiKey, env: {} }).accepts).toBeUndefined();
});
