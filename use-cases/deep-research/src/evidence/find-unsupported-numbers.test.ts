import { expect, test } from "vitest";
import { findUnsupportedNumbers } from "./find-unsupported-numbers.ts";

test.each([
  ["4,200 hives", "It counts 4200 hives."],
  ["4200 hives", "It counts 4,200 hives."],
  ["27 000 households in 2021", "In 2021 it fed 27.000 households."],
  ["3,5 per cent", "It rose by 3.5 per cent."],
  ["no number at all", "Nothing here."],
])("%s stands in: %s", (text, quote) => {
  expect(findUnsupportedNumbers(text, ["Nothing.", quote])).toEqual([]);
});

test.each([
  ["43 hives", "It counts 42 hives.", ["43"]],
  ["42 of 100", "It counts 42 hives, 1,000 in all.", ["100"]],
  ["3.5 per cent", "It rose by 35 per cent.", ["3.5"]],
  ["2 million", "It cost 2.5 million.", ["2"]],
])("%s does not stand in: %s", (text, quote, missing) => {
  expect(findUnsupportedNumbers(text, [quote])).toEqual(missing);
});
