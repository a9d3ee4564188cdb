import { expect, test } from "vitest";
import { costOf } from "../provider/model.ts";
import type { ModelResponse } from "../provider/provider.ts";
import { noUsage, type Usage } from "../provider/usage.ts";
import { readResponse } from "./read-response.ts";

/** As a provider that was written without types may answer. */
function read(answer: Readonly<Record<string, unknown>>): ModelResponse {
  const response: ModelResponse = { content: [], stopReason: "end_turn", usage: noUsage, model: "m" };
  return readResponse(Object.assign({}, response, answer), "foreign");
}

function readUsage(usage: Partial<Usage>): Usage {
  return read({ usage }).usage;
}

test("what was read from and written to the cache is counted as input, so that no cost is negative", () => {
  const usage = readUsage({ inputTokens: 10, cacheReadTokens: 4_000, cacheWriteTokens: 500 });
  expect(usage.inputTokens).toBe(4_500);
  expect(costOf(usage, { input: 10, output: 0, cacheRead: 1, cacheWrite: 12 })).toBe(0.01);
});

test("input that holds what the cache served stays as it is", () => {
  expect(readUsage({ inputTokens: 5_000, cacheReadTokens: 4_000 }).inputTokens).toBe(5_000);
});

test("counts that are missing or none are 0", () => {
  expect(read({ usage: undefined }).usage).toEqual(noUsage);
  expect(read({ usage: { inputTokens: "7", outputTokens: -1, cacheReadTokens: Number.NaN } }).usage).toEqual(
    noUsage,
  );
});

test.each([0, 0.25])("a told cost of %j is kept", (cost) => {
  expect(read({ cost }).cost).toBe(cost);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "0.01", null, {}])(
  "a told cost that is %j is none",
  (cost) => {
    expect(read({ cost })).not.toHaveProperty("cost");
  },
);
