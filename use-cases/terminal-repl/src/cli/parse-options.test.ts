import { expectEightyColumns, expectRefusal } from "@agentwerk/use-cases-shared/testing";
import { expect, test } from "vitest";
import { parseOptions, usage } from "./parse-options.ts";

test("has a default for everything", () => {
  expect(parseOptions([])).toEqual({
    kind: "run",
    options: {
      prompt: undefined,
      session: undefined,
      isNew: false,
      model: undefined,
      dir: ".",
      yes: false,
      json: false,
    },
  });
});

test("reads every option", () => {
  const argv = ["-p", "hello", "--session", "TICKET-3", "--model=m", "--dir", "x", "--yes", "--json"];
  expect(parseOptions(argv)).toEqual({
    kind: "run",
    options: {
      prompt: "hello",
      session: "TICKET-3",
      isNew: false,
      model: "m",
      dir: "x",
      yes: true,
      json: true,
    },
  });
});

test.each([
  [["--prompt", ""], "--prompt is empty"],
  [["--session", "3"], "TICKET-3"],
  [["--new", "--session", "last"], "contradict"],
  [["--color"], "--color"],
  [["hello"], "hello"],
])("refuses %j in one line", (argv, part) => {
  expectRefusal(() => parseOptions(argv), part);
});

test("the help fits 80 columns", () => {
  expectEightyColumns(usage);
});
