import { expect, test } from "vitest";
import { mistakesOf } from "./mistakes.ts";

test.each([1, 2, 3, 4, 12, 1000])("with %i parts each mistake is made in exactly one of them", (parts) => {
  const made = Array.from({ length: parts }, (_, index) => [
    ...mistakesOf({ part: index + 1, parts }),
  ]).flat();
  expect(made.sort()).toEqual(["grouped_digits", "malformed_arguments", "numbers_as_text", "rate_limit"]);
});
