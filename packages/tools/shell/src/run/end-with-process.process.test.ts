import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const program = fileURLToPath(new URL("../testing/long-command.program.ts", import.meta.url));
let dir: string;
let started: ChildProcess;
let processes: readonly number[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "agentwerk-bash-"));
  started = spawn(process.execPath, ["--conditions=@agentwerk/source", program, dir], {
    stdio: ["pipe", "inherit", "inherit"],
  });
});
afterEach(() => {
  started.kill("SIGKILL");
  for (const pid of processes.filter(isRunning)) process.kill(pid, "SIGKILL");
  rmSync(dir, { recursive: true, force: true });
});

test.each(["exits", "is killed"])(
  "a command ends with the process that waits for it, when that %s",
  async (how) => {
    await vi.waitFor(() => expect(existsSync(join(dir, "seen"))).toBe(true), { timeout: 30_000 });
    processes = ["shell", "child"].map((name) => Number(readFileSync(join(dir, name), "utf8")));
    for (const pid of processes) expect(isRunning(pid)).toBe(true);
    const exited = once(started, "exit");
    if (how === "exits") started.stdin?.write("exit\n");
    else started.kill("SIGKILL");
    await exited;
    await vi.waitFor(() => expect(processes.filter(isRunning)).toEqual([]), { timeout: 10_000 });
  },
);

function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}
