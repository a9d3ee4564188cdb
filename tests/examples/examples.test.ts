import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "../support/run-command.ts";
import { workspaceRoot } from "../support/workspace-packages.ts";
import { examplesFolder, fileOf, readExamples, writeExamplesWorkspace } from "./examples-workspace.ts";
import type { SimulatedModel } from "./simulated-model.ts";
import { startSimulatedModel } from "./simulated-model.ts";

const { examples, problems } = readExamples();
const executed = examples.filter((example) => example.run);

test("every TypeScript block of a page has a mark that we know", () => {
  expect(problems).toEqual([]);
});

describe.runIf(examples.length > 0)("examples", () => {
  let messages: string[] = [];

  beforeAll(async () => {
    writeExamplesWorkspace(examples);
    const tsc = join(workspaceRoot, "node_modules/.bin/tsc");
    const { stdout } = await runCommand(tsc, ["--pretty", "false", "-p", "."], { cwd: examplesFolder });
    messages = stdout.split("\n").filter((line) => line !== "");
  });

  test.each(examples)("$page:$line has the right types", (example) => {
    const file = fileOf(example);
    expect(messages.filter((message) => message.startsWith(`${file}(`))).toEqual([]);
  });

  test("the compiler has nothing else to say", () => {
    const files = examples.map(fileOf);
    expect(messages.filter((message) => !files.some((file) => message.startsWith(`${file}(`)))).toEqual([]);
  });
});

describe.runIf(executed.length > 0)("executed examples", () => {
  let model: SimulatedModel | undefined;

  beforeAll(async () => {
    model = await startSimulatedModel();
  });

  afterAll(() => model?.close());

  test.each(executed)("$page:$line runs", async (example) => {
    const { code, stderr } = await runCommand(process.execPath, [fileOf(example)], {
      cwd: examplesFolder,
      env: { ...process.env, ...model?.env },
      signal: AbortSignal.timeout(30_000),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});
