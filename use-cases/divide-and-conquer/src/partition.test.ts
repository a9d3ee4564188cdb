import fc from "fast-check";
import { expect, test } from "vitest";
import { splitRange, sumOfPart, sumOfSquares } from "./partition.ts";

const ranges = fc
  .integer({ min: 1, max: 1_000_000_000_000 })
  .chain((n) => fc.record({ n: fc.constant(n), count: fc.integer({ min: 1, max: Math.min(n, 200) }) }));

test("the parts cover the range without gap or overlap, as evenly as can be", () => {
  fc.assert(
    fc.property(ranges, ({ n, count }) => {
      const parts = splitRange(n, count);
      expect(parts).toHaveLength(count);
      expect(parts[0]?.from).toBe(1);
      expect(parts.at(-1)?.to).toBe(n);
      for (const [index, { from }] of parts.entries()) {
        if (index > 0) expect(from).toBe((parts[index - 1]?.to ?? 0) + 1);
      }
      const lengths = parts.map(({ from, to }) => to - from + 1);
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1);
    }),
  );
});

test("the sums of the parts add up to the closed form", () => {
  fc.assert(
    fc.property(ranges, ({ n, count }) => {
      const sum = splitRange(n, count).reduce((total, part) => total + sumOfPart(part), 0n);
      expect(sum).toBe(sumOfSquares(n));
    }),
  );
});

test("the closed form is the sum of the squares", () => {
  let sum = 0n;
  for (let n = 1; n <= 1000; n++) {
    sum += BigInt(n) ** 2n;
    expect(sumOfSquares(n)).toBe(sum);
  }
});
