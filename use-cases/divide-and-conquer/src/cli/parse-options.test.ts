import { expectEightyColumns, expectRefusal } from "@agentwerk/use-cases-shared/testing";
import { expect, test } from "vitest";
import { parseOptions, usage } from "./parse-options.ts";

test("has a default for everything", () => {
  expect(parseOptions([])).toEqual({
    kind: "run",
    options: {
      n: 1_000_000,
      partitions: 12,
      concurrency: 4,
      maxSteps: undefined,
      model: undefined,
      dir: undefined,
      verbose: false,
      json: false,
    },
  });
});

test("reads every option", () => {
  const argv = [
    "--n",
    "10_000",
    "--partitions=5",
    "--concurrency",
    "2",
    "--max-steps",
    "3",
    "--dir",
    "queue",
  ];
  expect(parseOptions([...argv, "--model", "m", "--verbose", "--json"])).toEqual({
    kind: "run",
    options: {
      n: 10_000,
      partitions: 5,
      concurrency: 2,
      maxSteps: 3,
      model: "m",
      dir: "queue",
      verbose: true,
      json: true,
    },
  });
});

test("splits a short range into no more parts than it has numbers", () => {
  expect(parseOptions(["--n", "3"])).toMatchObject({ options: { n: 3, partitions: 3 } });
});

test("asks for help in both ways", () => {
  expect(parseOptions(["--help"])).toEqual({ kind: "help" });
  expect(parseOptions(["-h", "--n", "5"])).toEqual({ kind: "help" });
});

test.each([
  [["--n", "0"], "--n is"],
  [["--n", "1e6"], "--n is"],
  [["--n", "1000000000001"], "1000000000000"],
  [["--n", "4", "--partitions", "5"], "from 1 to 4"],
  [["--partitions", "-1"], "--partitions"],
  [["--concurrency", "two"], "--concurrency is"],
  [["--concurrency", "1001"], "from 1 to 1000"],
  [["--max-steps", ""], "--max-steps is"],
  [["--dir", ""], "--dir is empty"],
  [["--model", " "], "--model is empty"],
  [["--workers", "3"], "--workers"],
  [["--n"], "--n"],
  [["100"], "100"],
  [["--json=yes"], "--json"],
])("refuses %j in one line", (argv, part) => {
  expectRefusal(() => parseOptions(argv), part);
});

test("the help fits 80 columns", () => {
  expectEightyColumns(usage);
});
