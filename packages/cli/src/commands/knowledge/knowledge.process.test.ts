import { expect, test } from "vitest";
import { cliBench } from "../../testing/cli-bench.ts";

test("knowledge is written, listed, found, shown and removed", async () => {
  using bench = cliBench({ files: { "agentwerk.config.json": '{ "knowledge": "./k" }' } });
  const argv = [
    "knowledge",
    "write",
    "deploy-steps",
    "-",
    "-d",
    "How to deploy",
    "-t",
    "process",
    "--tag",
    "ops,ci",
  ];
  expect(await bench.run(argv, { stdin: "Run the pipeline.\n" })).toMatchObject({
    code: 0,
    stdout: "deploy-steps is written.\n",
  });
  expect(await bench.json(["knowledge", "list", "--json"])).toMatchObject([
    { slug: "deploy-steps", type: "process", tags: ["ops", "ci"] },
  ]);
  expect(await bench.json(["knowledge", "search", "pipeline", "--json"])).toMatchObject([
    { slug: "deploy-steps" },
  ]);
  expect((await bench.run(["knowledge", "show", "deploy-steps"])).stdout).toMatch(
    /^How to deploy\nprocess, ops, ci, .*\n\nRun the pipeline\.\n$/,
  );
  expect((await bench.run(["knowledge", "remove", "deploy-steps"])).code).toBe(0);
  expect(await bench.run(["knowledge", "show", "deploy-steps"])).toMatchObject({
    code: 1,
    stderr: "agentwerk: There is no page deploy-steps; agentwerk knowledge list shows those there are.\n",
  });
});

test("a page without a description is refused with an example, before anything is written", async () => {
  using bench = cliBench({ files: { "agentwerk.config.json": '{ "knowledge": "./k" }' } });
  expect(await bench.run(["knowledge", "write", "x", "y"])).toEqual({
    code: 2,
    stdout: "",
    stderr:
      'agentwerk: --description is missing: one line that says what the page tells, as in agentwerk knowledge write deploy-steps -d "How to deploy" "Run the pipeline."\n',
  });
  expect(await bench.json(["knowledge", "list", "--json"])).toEqual([]);
});
