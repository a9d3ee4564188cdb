import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { ProviderError } from "../provider-error.ts";
import { bodyError } from "./failure.ts";
import { toProviderError } from "./to-provider-error.ts";

const endpoint = {
  providerName: "far",
  apiKey: "key-1",
  baseUrl: "https://far.example/v1",
  isOfficial: false,
  headers: { "x-team": "team-secret" },
  timeoutMs: 10_000,
  idleTimeoutMs: 10_000,
};

function told(thrown: unknown): ProviderError {
  const vendor = { keyVariable: "FAR_API_KEY" };
  return toProviderError(thrown, { endpoint, vendor, requestId: undefined, now: 0 });
}

/** As SDKs throw an answer that is no success. */
function answered(status: number, headers: Readonly<Record<string, string>> = {}): Error {
  return Object.assign(new Error(`${status} Moved, see ${headers.location}`), {
    status,
    headers: new Headers(headers),
  });
}

test.each([
  [429, "rate_limited", true],
  ["429", "rate_limited", true],
  ["503", "overloaded", true],
  ["400", "invalid_request", false],
])("the code %j in a body is its status", (code, reason, retryable) => {
  const error = told(bodyError({ message: "Not now.", code }, undefined));
  expect(error).toMatchObject({ reason, retryable, status: Number(code) });
});

test.each([null, undefined, "", " 429 ", "4e2", "0x1ad", [429], true, {}, 200, "200", 600])(
  "the code %j in a body is no status",
  (code) => {
    expect(told(bodyError({ message: "Not now.", code }, undefined))).toMatchObject({
      reason: "server_failed",
      status: undefined,
    });
  },
);

test.each([409, 425])("a status of %i asks for another try", (status) => {
  expect(told(answered(status))).toMatchObject({ reason: "server_failed", retryable: true, status });
});

test.each([
  ["https://me:pass@other.example:8443/v2/chat?token=hidden#hidden", "https://other.example:8443"],
  ["//other.example/v2?token=hidden", "https://other.example"],
  ["/v2?token=hidden", "https://far.example"],
])("a redirect to %s tells the host and what to do, and shows nothing else of it", (location, place) => {
  const error = told(answered(307, { location }));
  expect(error).toMatchObject({ reason: "invalid_request", retryable: false, status: 307 });
  expect(error.message).toBe(
    `far redirects to ${place} (status 307), which is not followed, since the conversation and its headers would go there. If they should, make that the baseUrl.`,
  );
  expect(inspect(error)).not.toMatch(/hidden|pass@/);
});

test.each([undefined, "", "data:,hidden", "http://"])(
  "a redirect to %j, where there is no host, is told as that",
  (location) => {
    const error = told(answered(302, location === undefined ? {} : { location }));
    expect(error.message).toBe(
      "far redirects without an address that can be read (status 302); check the baseUrl.",
    );
  },
);
