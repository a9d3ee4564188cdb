import { expectEightyColumns, expectRefusal } from "@agentwerk/use-cases-shared/testing";
import { expect, test } from "vitest";
import { parseOptions, usage } from "./parse-options.ts";

test("has a default for everything", () => {
  expect(parseOptions([])).toEqual({
    kind: "run",
    options: { text: "Hello, world!", model: undefined, json: false },
  });
});

test("reads every option; the text may be several words", () => {
  expect(parseOptions(["To", "be", "--model", "m", "--json"])).toEqual({
    kind: "run",
    options: { text: "To be", model: "m", json: true },
  });
});

test("asks for help in both ways", () => {
  expect(parseOptions(["--help"])).toEqual({ kind: "help" });
  expect(parseOptions(["-h", "123"])).toEqual({ kind: "help" });
});

test.each([
  [["123"], "The text has no letters"],
  [[""], "The text has no letters"],
  [["a".repeat(2_001)], "2001 characters"],
  [["--model", " "], "--model is empty"],
  [["--text", "a"], "--text"],
  [["--json=yes"], "--json"],
])("refuses %j in one line", (argv, part) => {
  expectRefusal(() => parseOptions(argv), part);
});

test("the help fits 80 columns", () => {
  expectEightyColumns(usage);
});
