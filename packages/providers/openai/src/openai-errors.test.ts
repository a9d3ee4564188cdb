import { expect, test } from "vitest";
import { readRateLimitReset } from "./openai-errors.ts";

test.each([
  [{ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s" }, 360_000],
  [
    {
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "20ms",
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": "1.5s",
    },
    1_500,
  ],
  [{ "x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "6m0s" }, undefined],
  [{}, undefined],
])("%j is %s ms", (headers, expected) => {
  expect(readRateLimitReset(new Headers(headers))).toBe(expected);
});
