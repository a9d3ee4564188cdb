import { expectEightyColumns, expectRefusal } from "@agentwerk/use-cases-shared/testing";
import { expect, test } from "vitest";
import { parseOptions, usage } from "./parse-options.ts";

test("needs a question and has a default for the rest", () => {
  expect(parseOptions(["How", "far is the moon?"])).toEqual({
    kind: "run",
    options: {
      question: "How far is the moon?",
      angles: 4,
      depth: 2,
      concurrency: 3,
      maxCost: undefined,
      maxTimeMs: undefined,
      output: undefined,
      model: undefined,
      offline: false,
      json: false,
    },
  });
});

test("reads every option", () => {
  const limits = [
    "--angles",
    "2",
    "--depth=1",
    "--concurrency",
    "8",
    "--max-cost",
    "0.5",
    "--max-time",
    "1.5m",
  ];
  expect(
    parseOptions([...limits, "--output", "o", "--model", "m", "--offline", "--json", "q"]),
  ).toMatchObject({
    options: {
      angles: 2,
      depth: 1,
      concurrency: 8,
      maxCost: 0.5,
      maxTimeMs: 90_000,
      output: "o",
      model: "m",
      offline: true,
      json: true,
    },
  });
});

test.each([
  [[" "], "The question is missing"],
  [["x".repeat(2_001)], "2001 characters"],
  [["q", "--depth", "0"], "from 1 to 5"],
  [["q", "--max-cost", "0"], "--max-cost"],
  [["q", "--max-cost", "-1"], "--max-cost"],
  [["q", "--max-time", "0s"], "--max-time"],
  [["q", "--output", ""], "--output is empty"],
  [["q", "--model", " "], "--model is empty"],
])("refuses %j in one line", (argv, part) => {
  expectRefusal(() => parseOptions(argv), part);
});

test("the help fits 80 columns", () => {
  expectEightyColumns(usage);
});
