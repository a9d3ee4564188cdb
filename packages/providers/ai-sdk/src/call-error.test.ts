import { inspect } from "node:util";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  APICallError,
  InvalidResponseDataError,
  JSONParseError,
  LoadAPIKeyError,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import { expect, test } from "vitest";
import { aiSdk } from "./ai-sdk.ts";

const call = { url: "https://example.com/v1", requestBodyValues: { prompt: "a secret plan" } };

function apiError(statusCode: number, body: unknown, headers: Record<string, string> = {}): APICallError {
  const responseBody = typeof body === "string" ? body : JSON.stringify(body);
  return new APICallError({ ...call, message: "Bad", statusCode, responseBody, responseHeaders: headers });
}

async function report(thrown: unknown): Promise<unknown> {
  const fail = (): Promise<never> => Promise.reject(thrown);
  const languageModel = {
    provider: "vendor",
    modelId: "m",
    supportedUrls: {},
    doGenerate: fail,
    doStream: fail,
  };
  const { provider } = aiSdk({ specificationVersion: "v4", ...languageModel });
  const request = { model: "m", system: "", messages: [], tools: [], toolChoice: "auto" } as const;
  return provider.respond(request, {}).catch((error: unknown) => error);
}

// Bodies as the vendors write them: Anthropic, Gemini, Mistral, Cohere, a proxy's page.
test.each([
  [
    apiError(529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
    { reason: "overloaded", status: 529 },
  ],
  [
    apiError(400, {
      error: {
        code: 400,
        status: "INVALID_ARGUMENT",
        message: "The input token count (9) exceeds the maximum",
      },
    }),
    { reason: "context_window_exceeded" },
  ],
  [
    apiError(429, { message: "Slow down" }, { "retry-after": "7" }),
    { reason: "rate_limited", retryAfterMs: 7_000 },
  ],
  [apiError(502, "<html>Bad gateway</html>"), { reason: "server_failed", status: 502 }],
  [apiError(200, { error: "model not loaded" }), { reason: "server_failed" }],
  [new JSONParseError({ text: "{", cause: new Error("end") }), { reason: "response_malformed" }],
  [new InvalidResponseDataError({ data: { a: 1 } }), { reason: "response_malformed" }],
  [new InvalidResponseDataError({ data: undefined, message: "ended" }), { reason: "connection_failed" }],
  [new LoadAPIKeyError({ message: "No key." }), { reason: "authentication_failed", retryable: false }],
  [
    new UnsupportedFunctionalityError({ functionality: "tools" }),
    { reason: "invalid_request", retryable: false },
  ],
  [{ code: 503, message: "Try later" }, { reason: "overloaded" }],
  ["it broke", { reason: "server_failed" }],
])("%#: %s", async (thrown, expected) => {
  expect(await report(thrown)).toMatchObject(expected);
});

test("an error of the SDK that is its own cause is told", async () => {
  const error = new APICallError({ ...call, message: "Round." });
  Object.defineProperty(error, "cause", { value: error });
  expect(await report(error)).toMatchObject({
    reason: "connection_failed",
    message: expect.stringContaining("Round."),
  });
});

test("an address that fetch refuses is told at once, with what to do", async () => {
  const model = createOpenAICompatible({ name: "far", baseURL: "http://127.0.0.1:1/v1" })("m");
  const { provider } = aiSdk(model);
  const request = { model: "m", system: "", messages: [], tools: [], toolChoice: "auto" } as const;
  await expect(provider.respond(request, {})).rejects.toMatchObject({
    reason: "connection_failed",
    retryable: false,
    message: expect.stringContaining("fetch refuses this port"),
  });
});

test("the request stays out of the error, and so does a key that the vendor repeats", async () => {
  const error = await report(apiError(401, { error: { message: "Incorrect key sk-0123456789abcdef" } }));
  const shown = inspect(error, { depth: 12, showHidden: true });
  expect(shown).not.toContain("a secret plan");
  expect(shown).not.toContain("sk-0123456789abcdef");
});
