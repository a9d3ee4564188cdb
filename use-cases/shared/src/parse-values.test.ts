import { expect, test } from "vitest";
import { parseCount, parseDollars, parseTime } from "./parse-values.ts";
import { expectRefusal } from "./testing/expect-refusal.ts";

test("reads counts, sums and times", () => {
  expect(parseCount("10_000", { option: "--n", largest: 20_000 })).toBe(10_000);
  expect([parseDollars("0.5", "--cost"), parseDollars(".25", "--cost")]).toEqual([0.5, 0.25]);
  expect([parseTime("1.5m", "--time"), parseTime("250ms", "--time")]).toEqual([90_000, 250]);
  expect(parseTime(undefined, "--time")).toBeUndefined();
});

test.each(["", "0", "1.5", "-1", "1e3", "21"])("refuses %j as a count from 1 to 20", (text) => {
  expectRefusal(() => parseCount(text, { option: "--n", largest: 20 }), "--n is");
});

test.each(["", ".", "0", "-1", "free", "1e3", "$5"])("refuses %j as dollars", (text) => {
  expectRefusal(() => parseDollars(text, "--cost"), "--cost is");
});

test.each(["", "5", "0s", "-1s", "5 minutes", "1w"])("refuses %j as a time", (text) => {
  expectRefusal(() => parseTime(text, "--time"), "--time is");
});
