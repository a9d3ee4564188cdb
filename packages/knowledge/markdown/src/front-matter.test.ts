import fc from "fast-check";
import { expect, test } from "vitest";
import { FrontMatterError, parseFrontMatter } from "./front-matter.ts";

test("values and body come apart, whatever the line endings", () => {
  const expected = { values: { name: "a", tags: ["x"] }, body: "Text.\n\nMore." };
  const text = "---\nname: a\ntags: [x]\n---\n\nText.\n\nMore.\n";
  expect(parseFrontMatter(text)).toEqual(expected);
  expect(parseFrontMatter(`\uFEFF${text.replaceAll("\n", "\r\n")}`)).toEqual(expected);
});

test.each([
  ["no front matter", "# Title\n---\nname: a\n---\n", { values: {}, body: "# Title\n---\nname: a\n---" }],
  ["an empty one", "---\n---\nText", { values: {}, body: "Text" }],
  ["one of comments", "--- \n# none\n---\nText", { values: {}, body: "Text" }],
  ["one that ends with dots", "---\na: 1\n...\nText", { values: { a: 1 }, body: "Text" }],
  ["dashes within a value", "---\na: |\n  ---\nb: 2\n---\n", { values: { a: "---\n", b: 2 }, body: "" }],
  ["nothing", "", { values: {}, body: "" }],
])("%s is read", (_name, text, expected) => {
  expect(parseFrontMatter(text)).toEqual(expected);
});

test.each([
  ["no end", "---\na: 1\n", "has no end; close it with a line of ---"],
  ["a list", "---\n- a\n---\n", "is not a list of keys with their values"],
  ["a plain value", "---\njust text\n---\n", "is not a list of keys with their values"],
  ["an alias", "---\na: &x [1]\nb: *x\n---\n", "uses YAML aliases"],
  ["a key twice", "---\na: 1\na: 2\n---\n", expect.stringMatching(/^is not YAML: /)],
  ["brackets without end", `---\na: ${"[".repeat(60_000)}\n---\n`, expect.any(String)],
])("%s is refused with its reason", (_name, text, problem) => {
  expect(() => parseFrontMatter(text)).toThrow(
    expect.objectContaining({
      code: "invalid_input",
      problem,
      message: expect.stringMatching(/^The front matter /),
    }),
  );
});

const piece = fc.oneof(
  fc.constantFrom(
    ..."---\n|...\n|\r\n|\n|: |- |? |#|'|\"|\t|{|}|[|]|,|&x|*x|!!binary|!!set|!!js/function|!<x>|%YAML 9|<<|>-|\\|\0|\uFEFF|\u2028|\ud800".split(
      "|",
    ),
    "|",
  ),
  fc.string({ unit: "binary", maxLength: 8 }),
);

test("any text is taken apart or refused with the one documented error, soon", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.array(piece, { maxLength: 40 }).map((parts) => parts.join("")),
    fc.array(piece, { maxLength: 40 }).map((parts) => `---\n${parts.join("")}\n---\nbody`),
  );
  let refused = 0;
  fc.assert(
    fc.property(text, (content) => {
      const startedAt = performance.now();
      try {
        const { values, body } = parseFrontMatter(content);
        expect(Array.isArray(values)).toBe(false);
        expect(body.isWellFormed()).toBe(true);
      } catch (error) {
        refused += 1;
        expect(error).toBeInstanceOf(FrontMatterError);
      }
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    }),
    { numRuns: 5_000 },
  );
  expect(refused).toBeGreaterThan(100);
});
