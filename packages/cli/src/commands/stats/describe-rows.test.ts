import { expect, test } from "vitest";
import { widthOf } from "../../show/width.ts";
import { fakeTerminal } from "../../testing/fake-terminal.ts";
import { describeRows } from "./describe-rows.ts";

const row = {
  name: "",
  tickets: 1_200,
  done: 1_100,
  failed: 7,
  workMs: 7_000_000,
  tokens: 9_000_000,
  cost: 12,
};
const rows = [
  { ...row, name: "a" },
  { ...row, name: "security-reviewer", tickets: 600 },
];

test.each([
  [100, "█".repeat(24)],
  [80, "█".repeat(10)],
  [70, undefined],
  [64, undefined],
])("a terminal of %i columns shows as much of the bars as it has room for", (columns, bar) => {
  const lines = describeRows("agent", rows, fakeTerminal(columns)).split("\n");
  for (const line of lines) expect(widthOf(line)).toBeLessThan(columns);
  expect(lines[2]?.match(/█+/)?.[0]).toBe(bar);
});

test("a pipe gets whole bars and names", () => {
  const text = describeRows("agent", rows, fakeTerminal(Number.POSITIVE_INFINITY));
  expect(text).toContain(`1,200  ${"█".repeat(24)}  `);
  expect(text).toContain("security-reviewer");
});
