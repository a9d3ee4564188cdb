import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryStore } from "../store/memory/memory-store.ts";
import { sqliteStore } from "../store/sqlite/sqlite-store.ts";
import { calls, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { defineTool } from "../tool/define-tool.ts";
import type { Tool } from "../tool/tool.ts";
import { systemClock } from "../util/clock.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { TicketSystem } from "./ticket-system.ts";

const leaseDuration = 300;

let dir: string;
let files = 0;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "agentwerk-stall-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Holds up the whole process, as a tool does that computes without a pause, or a machine that sleeps. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe.each([
  ["memory", () => memoryStore()],
  ["SQLite", () => sqliteStore({ path: join(dir, `${++files}.db`) })],
])("a process that is held up for longer than its leases last, on %s", (_name, open) => {
  it("does not take its own tickets over", async () => {
    const isBlocked = Promise.withResolvers<void>();
    const script = scriptedProvider(async ({ messages }) => {
      if (JSON.stringify(messages).includes("long")) {
        await isBlocked.promise;
        await delay(100);
      } else {
        await delay(20);
        block(2 * leaseDuration);
        isBlocked.resolve();
      }
      return writesResult("done");
    });
    await using tickets = new TicketSystem({ store: open(), leaseDuration });
    tickets.agent({ model: script.model, role: "You work.", concurrency: 2 });
    const [long, short] = [await tickets.task("long"), await tickets.task("short")];

    expect(await tickets.runDry()).toMatchObject({ reason: "drained" });
    expect(await long.get()).toMatchObject({ status: "done", attempt: 1, crashes: 0, work: { requests: 1 } });
    expect(await short.get()).toMatchObject({ status: "done", attempt: 1, crashes: 0 });
    expect(script.requests).toHaveLength(2);
  });

  it("waits for a reservation of its own instead of ending for want of budget", async () => {
    const isAsked = Promise.withResolvers<void>();
    const usage = { outputTokens: 10 };
    const script = scriptedProvider(
      async ({ messages }) => {
        if (JSON.stringify(messages).includes("long")) {
          isAsked.resolve();
          await delay(3 * leaseDuration);
          return { ...writesResult("done"), usage };
        }
        const isFirst = messages.every(({ role }) => role === "user");
        return { ...(isFirst ? calls(["hold_up", {}]) : writesResult("done")), usage };
      },
      { maxOutputTokens: 100 },
    );
    const holdUp = defineTool({
      name: "hold_up",
      description: "Holds the process up while another ticket has a request under way.",
      input: { type: "object", properties: {} },
      async run(_input, context) {
        await context.tickets.create([{ task: "long" }]);
        await isAsked.promise;
        block(2 * leaseDuration);
      },
    });
    await using tickets = new TicketSystem({
      store: open(),
      leaseDuration,
      policy: { maxOutputTokens: 150 },
    });
    tickets.agent({ model: script.model, role: "You work.", tools: [holdUp], concurrency: 2 });
    await tickets.task("short");

    expect(await tickets.runDry()).toMatchObject({ reason: "drained", all: ["done", "done"] });
    expect(await tickets.eventLog({ types: ["reservation_forfeited"] })).toEqual([]);
  });
});

describe("a process that is held up for longer than a tool may take", () => {
  const slow = (seconds: number) =>
    defineTool({
      name: "slow",
      description: "Starts a process that takes its time.",
      input: { type: "object", properties: {} },
      timeout: 1_000,
      run: (_input, { signal }) =>
        new Promise<string>((resolve, reject) => {
          const child = spawn("sleep", [String(seconds)], { signal });
          child.once("error", reject);
          child.once("spawn", () => setImmediate(block, 1_500));
          child.once("close", () => resolve("its output"));
        }),
    });

  async function resultOf(tool: Tool): Promise<string> {
    const script = scriptedProvider([calls(["slow", {}]), writesResult("done")]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: script.model, role: "You work.", tools: [tool] });
    await tickets.task("work");
    await tickets.runDry();
    return JSON.stringify(script.requests[1]?.messages.at(-1));
  }

  it("takes what the tool brought meanwhile", async () => {
    expect(await resultOf(slow(0.1))).toContain("its output");
  });

  it("stops a tool that takes too long all the same", async () => {
    expect(await resultOf(slow(60))).toContain("The tool's time is up");
  });
});

describe("a lease that was lost", () => {
  it("ends the work on it also when this process has claimed the ticket anew", async () => {
    const store = memoryStore();
    await store.insert([{ task: "work" }]);
    const take = () =>
      store.claim({ worker: "w", wants: [{ agent: "a", labels: [], limit: 1 }], leaseMs: 1 });
    const [before] = await take();
    await delay(5);
    const [after] = await take();
    if (before === undefined || after === undefined) throw new Error("It was not claimed twice.");
    const leases = new LeaseKeeper({ store, clock: systemClock, leaseMs: 60_000 });
    const [old, current] = [new AbortController(), new AbortController()];
    leases.hold(before.lease, old);
    leases.hold(after.lease, current);

    expect(old.signal.reason).toMatchObject({ code: "lease_lost" });
    expect(current.signal.aborted).toBe(false);
    leases.drop(before.lease);
    leases.drop(after.lease);
  });
});
