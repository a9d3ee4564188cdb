import { afterEach, expect, test, vi } from "vitest";
import { reportFailure } from "./report-failure.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("--verbose shows each cause once, also of errors that are their own cause", () => {
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const inner = new Error("inner");
  const outer = new Error("outer", { cause: inner });
  inner.cause = outer;
  expect(reportFailure(outer, { isVerbose: true })).toBe(1);
  expect(written.map((text) => text.split("\n")[0])).toEqual([
    "agentwerk: outer (inner)",
    "Error: outer",
    "Error: inner",
  ]);
});
