import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { calls, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { findOpenCalls } from "../ticket/close-open-calls.ts";
import { defineTool } from "../tool/define-tool.ts";
import { TicketSystem } from "./ticket-system.ts";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A tool that starts a child process and ends it when its signal aborts. */
function childTool(started: (pid: number) => void) {
  return defineTool({
    name: "long_job",
    description: "Runs long.",
    input: { type: "object", properties: {} },
    async run(_input, { signal }) {
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
        signal,
        stdio: "ignore",
      });
      child.on("error", () => {});
      started(child.pid ?? 0);
      await new Promise((resolve) => child.on("exit", resolve));
      throw new Error("the job was killed");
    },
  });
}

describe("cancellation", () => {
  it("ends a request in flight when the run's signal aborts; the ticket keeps its place on the queue", async () => {
    const controller = new AbortController();
    const script = scriptedProvider([
      () => {
        setTimeout(() => controller.abort(), 10);
        return { hangs: true };
      },
      writesResult("second try"),
    ]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: script.model, role: "You work." });
    const handle = await tickets.task("work");

    expect((await tickets.runDry({ signal: controller.signal })).reason).toBe("stopped");
    expect(await tickets.runDry()).toMatchObject({ reason: "drained", all: ["second try"] });
    expect((await handle.get()).attempt).toBe(1);
  });

  it("reaches the child process of a running tool and leaves a well-formed conversation", async () => {
    const controller = new AbortController();
    let pid = 0;
    const script = scriptedProvider([calls(["long_job", {}]), writesResult("gave up on the job")]);
    await using tickets = new TicketSystem();
    const tool = childTool((started) => {
      pid = started;
      setTimeout(() => controller.abort(), 20);
    });
    tickets.agent({ model: script.model, role: "You work.", tools: [tool] });
    const handle = await tickets.task("work");

    expect((await tickets.runDry({ signal: controller.signal })).reason).toBe("stopped");
    expect(isAlive(pid)).toBe(false);
    expect(findOpenCalls(await handle.replies())).toEqual([]);

    await tickets.runDry();
    const results = script.requests[1]?.messages.filter(({ role }) => role === "tool");
    expect(JSON.stringify(results)).toContain("interrupted");
  });

  it("of a ticket aborts its request, is final, and writes nothing more", async () => {
    let cancel = (): void => {};
    const script = scriptedProvider([
      () => {
        setTimeout(() => cancel(), 10);
        return { hangs: true };
      },
    ]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: script.model, role: "You work." });
    const handle = await tickets.task("work");
    cancel = () => void handle.cancel("not needed");

    expect((await tickets.runDry()).reason).toBe("drained");
    expect((await handle.get()).status).toBe("cancelled");
    await expect(handle.result()).rejects.toMatchObject({ code: "ticket_cancelled" });
  });

  it("of a ticket aborts its tool and answers the open call", async () => {
    let pid = 0;
    let cancel = (): void => {};
    const script = scriptedProvider([calls(["long_job", {}])]);
    await using tickets = new TicketSystem();
    const tool = childTool((started) => {
      pid = started;
      setTimeout(() => cancel(), 20);
    });
    tickets.agent({ model: script.model, role: "You work.", tools: [tool] });
    const handle = await tickets.task("work");
    cancel = () => void handle.cancel();

    await tickets.runDry();

    expect(isAlive(pid)).toBe(false);
    expect((await handle.get()).status).toBe("cancelled");
    expect(findOpenCalls(await handle.replies())).toEqual([]);
  });

  it("of a wait for a result rejects with the signal's reason", async () => {
    await using tickets = new TicketSystem();
    const handle = await tickets.task("work");
    await expect(handle.result({ signal: AbortSignal.timeout(10) })).rejects.toMatchObject({
      name: "TimeoutError",
    });
  });
});
