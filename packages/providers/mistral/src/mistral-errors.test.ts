import { runExchange } from "@agentwerk/core/provider-kit";
import { SDKError } from "@mistralai/mistralai/models/errors";
import { expect, test } from "vitest";
import { mistralErrors } from "./mistral-errors.ts";
import { resolveOptions } from "./mistral-options.ts";

/** The error of the SDK for a status and a body. */
function fail(status: number, body: string): Promise<unknown> {
  const response = new Response(body, { status, headers: { "mistral-correlation-id": "req_1" } });
  const request = new Request("http://localhost:1");
  const endpoint = resolveOptions({ apiKey: "0123456789abcdef", env: {} });
  return runExchange({ endpoint, vendor: mistralErrors, signal: undefined }, () => {
    throw new SDKError("API error occurred", { response, request, body });
  }).catch((thrown: unknown) => thrown);
}

const error = (fields: object): string => JSON.stringify({ object: "error", param: null, ...fields });
const tooLong =
  "Prompt contains 9 tokens and 0 draft tokens, too large for model with 8 maximum context length";

test.each([
  [401, '{"detail":"Unauthorized"}', { reason: "authentication_failed", retryable: false }, "Unauthorized"],
  [402, error({ message: "No credits." }), { reason: "rate_limited", retryable: false }, "No credits."],
  [
    400,
    error({ message: tooLong, code: "3051" }),
    { reason: "context_window_exceeded", retryable: false },
    "too large for model",
  ],
  [
    429,
    error({ message: "Rate limit exceeded", code: "1300" }),
    { reason: "rate_limited", retryable: true },
    "Rate limit exceeded",
  ],
  [
    429,
    error({ message: "Service tier capacity exceeded.", type: "service_tier_capacity_exceeded" }),
    { reason: "overloaded", retryable: true },
    "capacity",
  ],
  [
    422,
    error({ message: { detail: [{ loc: ["body", "x"], msg: "Extra inputs are not permitted" }] } }),
    { reason: "invalid_request", retryable: false },
    "body.x: Extra inputs are not permitted",
  ],
  [502, "<html>Bad gateway</html>", { reason: "server_failed", retryable: true }, "Bad gateway"],
  [
    504,
    '{"error":{"message":"Gateway timeout"}}',
    { reason: "server_failed", retryable: true },
    "Gateway timeout",
  ],
])("%i %s is %j", async (status, body, expected, words) => {
  const failure = await fail(status, body);
  expect(failure).toMatchObject({ ...expected, status, requestId: "req_1" });
  expect(failure).toHaveProperty("message", expect.stringContaining(words));
});
