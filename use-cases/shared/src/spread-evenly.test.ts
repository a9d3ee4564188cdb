import { expect, test } from "vitest";
import { spreadEvenly } from "./spread-evenly.ts";

test.each([1, 2, 3, 4, 12, 1000])("of %i each kind falls to exactly one, in order", (total) => {
  const spread = Array.from({ length: total }, (_, index) => [
    ...spreadEvenly(["a", "b", "c", "d"], { number: index + 1, total }),
  ]);
  expect(spread.flat()).toEqual(["a", "b", "c", "d"]);
  expect(Math.max(...spread.map(({ length }) => length))).toBe(Math.ceil(4 / Math.min(total, 4)));
});
