import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findNonJson } from "./json.ts";

describe("finding what is no JSON", () => {
  it("accepts exactly what survives a round trip", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => findNonJson(value) === undefined));
  });

  it.each([
    [{ a: { b: [1, Number.NaN] } }, "value.a.b[1] is NaN"],
    [{ when: new Date(0) }, "value.when is a Date"],
    [() => 1, "value is a function"],
    [10n, "value is a bigint"],
    [[undefined], "value[0] is a undefined"],
    [new Map(), "value is a Map"],
  ])("names the place in %o", (value, expected) => {
    expect(findNonJson(value)).toBe(expected);
  });

  it("finds a cycle", () => {
    const cycle: { self?: unknown } = {};
    cycle.self = { cycle };
    expect(findNonJson(cycle)).toBe("value.self.cycle refers back to itself");
  });
});
