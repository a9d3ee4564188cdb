import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type ToolReturn, textOf } from "@agentwerk/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { isRunning, stillRunning } from "../testing/is-running.ts";
import { mount } from "../testing/mount.ts";
import { hostile } from "../testing/programs.ts";
import { temporaryDir } from "../testing/temporary-dir.ts";

const holder = fileURLToPath(new URL("../testing/mount-holder.program.ts", import.meta.url));

/** Starts a process that holds a server with a child, and answers with the ids of itself and of that child. */
async function startHolder(end: "exit" | "wait" | "idle") {
  const child = spawn(
    process.execPath,
    ["--conditions=@agentwerk/source", holder, await temporaryDir(), end],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { child, exited, pid: Number(line) };
}

function pidIn(returned: ToolReturn): number {
  return Number(textOf((returned as { content: readonly { type: "text"; text: string }[] }).content));
}

describe("the processes of a server", () => {
  it("end when it is closed, also one that ignores SIGTERM and has a child that does", async () => {
    const { call, servers } = await mount({ stubborn: hostile("stubborn") });
    const pid = pidIn(await call("stubborn__child", {}));
    expect(await isRunning(pid)).toBe(true);
    await servers.close();
    expect(await stillRunning([pid])).toEqual([]);
  });

  it("end with the server that exits and leaves them behind", async () => {
    const { call } = await mount({ evil: hostile() });
    const pid = pidIn(await call("evil__child", {}));
    await call("evil__exit", {});
    expect(await stillRunning([pid])).toEqual([]);
  });

  it("end when our process exits", async () => {
    const { exited, pid } = await startHolder("exit");
    await exited;
    expect(await stillRunning([pid])).toEqual([]);
  });

  it("end when our process is killed without a chance to do anything", async () => {
    const { child, exited, pid } = await startHolder("wait");
    expect(await isRunning(pid)).toBe(true);
    child.kill("SIGKILL");
    await exited;
    expect(await stillRunning([pid])).toEqual([]);
  });

  it("do not keep our process from ending", async () => {
    const { exited, pid } = await startHolder("idle");
    expect(await exited).toEqual([0, null]);
    expect(await stillRunning([pid])).toEqual([]);
  });

  it("get the few variables of the environment that they need, and those of the configuration", async () => {
    const { tool } = await mount(
      { printer: { command: "/bin/sh", args: ["-c", "env >&2; exit 1"], env: { TOKEN: `\${SECRET}` } } },
      { env: { PATH: "/usr/bin:/bin", HOME: "/nowhere", SECRET: "s3cret", OTHER: "hidden" } },
    );
    const failure: unknown = await tool("printer__x").catch((error: unknown) => error);
    const text = String(failure);
    expect(text).toContain("TOKEN=s3cret");
    expect(text).toContain("HOME=/nowhere");
    expect(text).not.toContain("hidden");
  });
});
