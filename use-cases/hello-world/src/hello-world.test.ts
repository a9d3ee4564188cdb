import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { countLetters, isRight } from "./hello-world.ts";

test("letters are counted in every script, whatever their case, and nothing else is", () => {
  expect([...countLetters("Aa b1! Ж𝒜")]).toEqual([
    ["a", 2],
    ["b", 1],
    ["ж", 1],
    ["𝒜", 1],
  ]);
  expect(countLetters("12 …").size).toBe(0);
});

test.each([
  [{ letter: "l", count: 3 }, true],
  [{ letter: "l", count: 2 }, false],
  [{ letter: "o", count: 2 }, false],
  [{ letter: "x", count: 0 }, false],
])("%j is right of “Hello, world!”: %s", (answer, expected) => {
  expect(isRight(answer, "Hello, world!")).toBe(expected);
});

test("of letters that stand equally often each is right", () => {
  expect(["a", "b", "c"].map((letter) => isRight({ letter, count: 1 }, "abc"))).toEqual([true, true, true]);
});

test("the README walks through the program as it is", () => {
  const [readme, source] = ["../README.md", "./hello-world.ts"].map((file) =>
    readFileSync(new URL(file, import.meta.url), "utf8"),
  );
  const blocks = [...(readme ?? "").matchAll(/^```ts .*\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
  // The last one uses what stands in those before it.
  expect(blocks.slice(0, -1).join("\n")).toBe(source);
});
