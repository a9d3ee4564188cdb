import { expect, test } from "vitest";
import { closest, didYouMean } from "./closest.ts";

test.each([
  ["lables", "labels"],
  ["Labels", "labels"],
  ["rol", "role"],
  ["tool", "tools"],
  ["zebra", undefined],
  ["x", undefined],
])("%s is probably %s", (word, expected) => {
  expect(closest(word, ["labels", "role", "tools"])).toBe(expected);
});

test("nothing near says nothing", () => {
  expect(didYouMean("zebra", ["labels"])).toBe("");
  expect(didYouMean("lables", ["labels"])).toBe(" Did you mean labels?");
});
