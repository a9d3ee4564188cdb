import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runTool } from "@agentwerk/core/testing";
import { expect, test } from "vitest";
import { bash } from "../bash.ts";

const tool = bash({ unrestricted: true });

test("a process that has no files left says so to the model, and lives", () => {
  const program = fileURLToPath(new URL("../testing/no-files-left.program.ts", import.meta.url));
  const limited = `ulimit -n 100; exec "$0" "$@"`;
  const args = [process.execPath, "--conditions=@agentwerk/source", program];
  const answers: unknown = JSON.parse(execFileSync("bash", ["-c", limited, ...args], { encoding: "utf8" }));
  expect(answers).toEqual([
    expect.objectContaining({ kind: "error", message: expect.stringMatching(/did not start in .* EMFILE/) }),
    "done",
  ]);
});

test("a command that is longer than the system takes is refused with what to do", async () => {
  const command = `cat > f <<'END'\n${"x".repeat(3_000_000)}\nEND`;
  expect(await runTool(tool, { command }, { dir: tmpdir() })).toMatchObject({
    kind: "error",
    message: expect.stringMatching(/longer than the system takes; write long text to a file first/),
  });
});

test("a directory that is gone is named, not the shell", async () => {
  const dir = join(tmpdir(), "agentwerk-bash-gone");
  expect(await runTool(tool, { command: "true" }, { dir })).toMatchObject({
    kind: "error",
    message: `The shell did not start in ${dir}: the directory is not there.`,
  });
});
