import { runExchange } from "@agentwerk/core/provider-kit";
import { APIError } from "@anthropic-ai/sdk";
import { expect, test } from "vitest";
import { anthropicErrors, readRateLimitReset } from "./anthropic-errors.ts";
import { resolveOptions } from "./anthropic-options.ts";

/** The error of the SDK for a status and the inner part of Anthropic's error body. */
function fail(
  status: number,
  error: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const body = { type: "error", error, request_id: "req_1" };
  const endpoint = resolveOptions({ apiKey: "sk-ant-0123456789", env: {} });
  return runExchange({ endpoint, vendor: anthropicErrors, signal: undefined }, () => {
    throw APIError.generate(status, body, undefined, new Headers({ "request-id": "req_1", ...headers }));
  }).catch((thrown: unknown) => thrown);
}

const refused = "invalid_request_error";
const credit = "Your credit balance is too low to access the Anthropic API.";
const limits = "You have reached your specified API usage limits. You will regain access on 2026-12-01.";

test.each([
  [
    400,
    { type: refused, message: "prompt is too long: 9 tokens > 8 maximum" },
    "context_window_exceeded",
    false,
  ],
  [
    400,
    { type: refused, message: "input length and `max_tokens` exceed context limit: 9 + 9 > 8" },
    "context_window_exceeded",
    false,
  ],
  [
    413,
    { type: "request_too_large", message: "Request exceeds the maximum size" },
    "context_window_exceeded",
    false,
  ],
  [400, { type: refused, message: "Output blocked by content filtering policy" }, "content_filtered", false],
  [400, { type: refused, message: credit }, "rate_limited", false],
  [400, { type: refused, message: limits }, "rate_limited", false],
  [402, { type: "billing_error", message: "Payment is due." }, "rate_limited", false],
  [
    429,
    { type: "rate_limit_error", message: "Limit.", details: { error_code: "contract_spend_limit_reached" } },
    "rate_limited",
    false,
  ],
  [429, { type: "rate_limit_error", message: "Slow down." }, "rate_limited", true],
  [529, { type: "overloaded_error", message: "Overloaded" }, "overloaded", true],
  [500, { type: "overloaded_error", message: "Overloaded" }, "overloaded", true],
  [504, { type: "timeout_error", message: "Timed out." }, "timed_out", true],
  [404, { type: "not_found_error", message: "model: claude-nobody" }, "invalid_request", false],
])("%i %j is %s, worth a retry: %s", async (status, error, reason, retryable) => {
  const failure = await fail(status, error);
  expect(failure).toMatchObject({ reason, retryable, status, requestId: "req_1" });
  expect(failure).toHaveProperty("message", expect.stringContaining(error.message));
});

test("the reset of a limit that is used up is the time to wait", () => {
  const headers = new Headers({
    "anthropic-ratelimit-input-tokens-remaining": "0",
    "anthropic-ratelimit-input-tokens-reset": "2026-11-01T12:00:30Z",
    "anthropic-ratelimit-requests-remaining": "5",
    "anthropic-ratelimit-requests-reset": "2026-11-01T13:00:00Z",
  });
  expect(readRateLimitReset(headers, Date.parse("2026-11-01T12:00:00Z"))).toBe(30_000);
  expect(readRateLimitReset(new Headers(), 0)).toBeUndefined();
});
