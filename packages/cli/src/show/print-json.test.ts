import { expect, test } from "vitest";
import { toJsonLine } from "./print-json.ts";

const noisy = 0.1 + 0.2;

test("sums of money have no digits that only adding them made", () => {
  const work = { requests: 2, usage: { inputTokens: 1 }, cost: noisy };
  expect(JSON.parse(toJsonLine({ work }))).toEqual({ work: { ...work, cost: 0.3 } });
  expect(toJsonLine({ inputTokens: 1, cost: 3 * 0.000_000_25 })).toBe('{"inputTokens":1,"cost":7.5e-7}\n');
  expect(toJsonLine({ limit: "maxCost", maximum: 0.25, value: noisy })).toContain('"value":0.3}');
});

test("what users and models wrote stays as it is", () => {
  const ticket = { task: { cost: noisy }, result: { value: noisy, limit: "maxTurns" } };
  expect(JSON.parse(toJsonLine(ticket))).toEqual(ticket);
});
