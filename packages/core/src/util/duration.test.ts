import { describe, expect, it } from "vitest";
import { toMilliseconds } from "./duration.ts";

describe("a duration", () => {
  it.each([
    [250, 250],
    ["500ms", 500],
    ["1.5s", 1_500],
    ["5m", 300_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
  ] as const)("%j is %i ms", (duration, expected) => {
    expect(toMilliseconds(duration, "x")).toBe(expected);
  });

  it.each([["5 minutes"], ["m"], [""], [-1], [Number.NaN], [Number.POSITIVE_INFINITY], ["-5s"], [null]])(
    "%j is refused with the name of the option",
    (duration) => {
      expect(() => toMilliseconds(duration as never, "policy.maxTime")).toThrow(
        expect.objectContaining({ code: "invalid_input", field: "policy.maxTime" }),
      );
    },
  );
});
