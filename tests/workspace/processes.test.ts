import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { runCommand } from "../support/run-command.ts";
import { workspaceRoot } from "../support/workspace-packages.ts";

const processes = new URL("../../scripts/lib/processes.mjs", import.meta.url).href;

test("a program that is run for somebody gives its own exit code", async () => {
  const { code } = await runScript(`await runProgram(process.execPath, ["-e", "process.exit(7)"]);`);
  expect(code).toBe(7);
});

test("an interrupt reaches the program, which decides how to end", async () => {
  const program = `process.on("SIGINT", () => process.exit(130)); setInterval(() => {}, 1000); console.log("ready");`;
  const args = scriptArguments(`await runProgram(process.execPath, ["-e", ${JSON.stringify(program)}]);`);
  // A session of its own has no terminal, and so no second interrupt.
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], detached: true });
  await once(child.stdout, "data");
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([130, null]);
});

test("a preparing step is silent when it succeeds", async () => {
  const step = `await runQuietly(process.execPath, ["-e", "console.log('noise')"], { label: "Preparing" });`;
  expect(await runScript(step)).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("a preparing step shows its output and ends the command when it fails", async () => {
  const step = `await runQuietly(process.execPath, ["-e", "console.log('why'); process.exit(3)"], { label: "Preparing" });`;
  const { code, stderr } = await runScript(`${step} console.log("not reached");`);
  expect(code).toBe(3);
  expect(stderr).toContain("why");
  expect(stderr).toContain("Preparing failed");
});

function runScript(script: string): ReturnType<typeof runCommand> {
  return runCommand(process.execPath, scriptArguments(script), { cwd: workspaceRoot });
}

function scriptArguments(script: string): string[] {
  const imports = `import { runProgram, runQuietly } from ${JSON.stringify(processes)};`;
  return ["--input-type=module", "-e", `${imports}\n${script}`];
}
