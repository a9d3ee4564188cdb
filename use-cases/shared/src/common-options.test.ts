import { expect, test } from "vitest";
import { parseLimits, parseName } from "./common-options.ts";
import { expectRefusal } from "./testing/expect-refusal.ts";

test("limits have no default but the concurrency", () => {
  const usual = { usual: 4, largest: 10 };
  expect(parseLimits({}, usual)).toEqual({ concurrency: 4, maxCost: undefined, maxTimeMs: undefined });
  expect(parseLimits({ concurrency: "2", "max-cost": "0.5", "max-time": "5m" }, usual)).toEqual({
    concurrency: 2,
    maxCost: 0.5,
    maxTimeMs: 300_000,
  });
  expectRefusal(() => parseLimits({ concurrency: "11" }, usual), "from 1 to 10");
});

test("a name is taken as it is, unless it is empty", () => {
  const model = { option: "--model", of: "model" };
  expect([parseName(undefined, model), parseName("gpt-5", model)]).toEqual([undefined, "gpt-5"]);
  expectRefusal(() => parseName(" ", model), "--model is empty; name a model.");
});
