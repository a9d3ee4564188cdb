import { expect, test } from "vitest";
import { count, fitLine, formatBytes, formatCost, groupDigits, toOption } from "./format.ts";

test("digits stand in groups of three", () => {
  expect(["1", "999", "1000", "123456789"].map((text) => groupDigits(BigInt(text)))).toEqual([
    "1",
    "999",
    "1,000",
    "123,456,789",
  ]);
  expect(groupDigits(-1234n)).toBe("-1,234");
});

test("sizes are told in the unit that fits", () => {
  expect([0, 1, 12_300, 204_800_000, 2e9].map(formatBytes)).toEqual([
    "0 kB",
    "1 kB",
    "13 kB",
    "205 MB",
    "2,000 MB",
  ]);
});

test("nouns follow their number", () => {
  expect([count(1, "ticket"), count(0, "ticket"), count(2, "entry")]).toEqual([
    "1 ticket",
    "0 tickets",
    "2 entries",
  ]);
});

test("a line is cut to its width and cannot move the cursor", () => {
  expect(fitLine("abcdef", 4)).toBe("abc…");
  expect(fitLine("abcd", 4)).toBe("abcd");
  expect(fitLine("a\u001b[2J\nb", 10)).toBe("a b");
  expect(fitLine("漢字漢字", 5)).toBe("漢字…");
});

test("small sums keep their digits", () => {
  expect([formatCost(0.00123), formatCost(2.5)]).toEqual(["$0.0012", "$2.50"]);
});

test("a limit is named as the option that sets it", () => {
  expect(["maxCost", "maxSchemaRetries"].map(toOption)).toEqual(["--max-cost", "--max-schema-retries"]);
});
