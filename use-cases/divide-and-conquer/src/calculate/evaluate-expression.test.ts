import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateExpression, longestExpression } from "./evaluate-expression.ts";
import { ExpressionError } from "./expression-error.ts";

/** An expression as text, and its value by BigInt's own operators. */
interface Sample {
  readonly text: string;
  readonly value: bigint;
}

const whole = fc
  .bigInt({ min: 0n, max: 10n ** 30n })
  .map((value): Sample => ({ text: String(value), value }));

const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    whole,
    fc
      .tuple(tie("sample"), tie("sample"))
      .map(([a, b]) => ({ text: `(${a.text} + ${b.text})`, value: a.value + b.value })),
    fc
      .tuple(tie("sample"), tie("sample"))
      .map(([a, b]) => ({ text: `(${a.text}-${b.text})`, value: a.value - b.value })),
    fc
      .tuple(tie("sample"), tie("sample"))
      .map(([a, b]) => ({ text: `${a.text}*(${b.text})`, value: a.value * b.value }))
      .map(({ text, value }) => ({ text: `(${text})`, value })),
    tie("sample")
      .map(({ text, value }) => ({ text: `-(${text})`, value: -value }))
      .map(({ text, value }) => ({ text: `(${text})`, value })),
  ),
}));

const small = fc.bigInt({ min: -50n, max: 50n });

describe("evaluateExpression", () => {
  test("agrees with BigInt on sums, differences, products and signs", () => {
    fc.assert(
      fc.property(sample, ({ text, value }) => {
        fc.pre(text.length <= longestExpression);
        expect(evaluateExpression(text)).toBe(value);
      }),
    );
  });

  test("multiplies before it adds, and reads from left to right", () => {
    fc.assert(
      fc.property(whole, whole, whole, whole, (a, b, c, d) => {
        const text = `${a.text} - ${b.text} * ${c.text} - ${d.text}`;
        expect(evaluateExpression(text)).toBe(a.value - b.value * c.value - d.value);
      }),
    );
  });

  test("divides exactly or not at all", () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const divide = (): bigint => evaluateExpression(`(${a}) / (${b})`);
        if (b !== 0n && a % b === 0n) expect(divide()).toBe(a / b);
        else expect(divide).toThrow(ExpressionError);
      }),
    );
  });

  test("takes remainders with the sign of the dividend", () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        fc.pre(b !== 0n);
        expect(evaluateExpression(`(${a}) % (${b})`)).toBe(a % b);
      }),
    );
  });

  test("raises to powers from the right, before a sign", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -9n, max: 9n }), fc.bigInt({ min: 0n, max: 40n }), (a, b) => {
        expect(evaluateExpression(`(${a})^${b}`)).toBe(a ** b);
        expect(evaluateExpression(`(${a})**${b}`)).toBe(a ** b);
      }),
    );
    expect(evaluateExpression("2^3^2")).toBe(512n);
    expect(evaluateExpression("-2^2")).toBe(-4n);
    expect(evaluateExpression("0^0")).toBe(1n);
    expect(evaluateExpression("(-1)^(10^30+1)")).toBe(-1n);
  });

  test("never throws anything but an ExpressionError, and never hangs", () => {
    const characters = fc.constantFrom(..."0123456789+-*/%^() .,xe".split(""));
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 60 }), (parts) => {
        try {
          evaluateExpression(parts.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
      }),
    );
  });

  test.each([
    ["", "empty"],
    ["1 +", "ends where a number should come"],
    ["(1 + 2", 'ends where ")" should come'],
    ["1 2", '"2" at character 3'],
    ["1,000", '"," at character 2'],
    ["1.5", '"." at character 2'],
    ["process.exit()", '"p" at character 1'],
    ["7 / 2", "7 / 2 is not a whole number"],
    ["1 / 0", "Division by zero"],
    ["1 % 0", "Remainder by zero"],
    ["2 ^ -1", "-1 is negative"],
    ["9^9^9", "more than 10000 digits"],
    ["(10^6000) * (10^6000)", "more than 10000 digits"],
    ["(".repeat(500), "levels"],
    ["-".repeat(500), "levels"],
    ["1".repeat(longestExpression + 1), "2001 characters"],
  ])("refuses %j and says why", (text, reason) => {
    expect(() => evaluateExpression(text)).toThrow(reason);
  });

  test("takes values up to its limit", () => {
    expect(evaluateExpression("10^9999")).toBe(10n ** 9999n);
    expect(() => evaluateExpression("10^10000")).toThrow("digits");
  });
});
