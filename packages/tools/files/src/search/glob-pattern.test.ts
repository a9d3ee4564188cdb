import fc from "fast-check";
import picomatch from "picomatch";
import { expect, test } from "vitest";
import { compileGlob } from "./glob-pattern.ts";

const name = fc
  .string({ unit: fc.constantFrom("a", "b", "c", ".", "-", "é"), minLength: 1, maxLength: 5 })
  .filter((value) => !/^\.+$/.test(value));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
const piece = fc.constantFrom("a", "b", ".", "é", "?", "[ab]", "[a-c]", "-");
const plain = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(""));
const part = fc.oneof(
  fc.tuple(plain, fc.constantFrom("*", ""), plain).map((pieces) => pieces.join("")),
  fc.constantFrom("*", "**", "*.a", "a*", "*a*", "{a,b}", "{a,b*}c", "*.{a,b}"),
);
const pattern = fc
  .array(part, { minLength: 1, maxLength: 4 })
  .filter((parts) => parts.every((value) => !/^\.+$/.test(value)))
  // Of `a/**`, picomatch also matches `a` itself, which is no file then.
  .filter((parts) => parts.length === 1 || parts.at(-1) !== "**")
  .map((parts) => parts.join("/"));

/** As the tool uses it: from the base on. */
function matches(glob: string, candidate: string): boolean {
  const { base, matches: isMatch } = compileGlob(glob);
  if (base === "") return isMatch(candidate);
  return candidate.startsWith(`${base}/`) && isMatch(candidate.slice(base.length + 1));
}

test("matches what picomatch matches", () => {
  fc.assert(
    fc.property(pattern, path, (glob, candidate) => {
      const expected = picomatch(glob, { dot: true, noextglob: true })(candidate);
      expect(matches(glob, candidate), `${glob} ${candidate}`).toBe(expected);
    }),
    { numRuns: 5_000 },
  );
}, 30_000);

test.each([
  ["a[b", "a[b", true],
  ["a{b", "a{b", true],
  ["{a}", "{a}", true],
  ["{a,{b,c}d}", "cd", true],
  ["\\*", "*", true],
  ["\\*", "x", false],
  ["[]]", "]", true],
  ["[!]a]", "b", true],
  ["[!]a]", "]", false],
  ["?", "😀", true],
  ["", "a", false],
  ["a/**", "a", false],
  ["**", "a/b/c", true],
])("%s and %s: %s", (glob, candidate, expected) => {
  expect(matches(glob, candidate)).toBe(expected);
});
