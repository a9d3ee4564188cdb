import { describe, expect, it } from "vitest";
import { memoryStore } from "../store/memory/memory-store.ts";
import { fakeClock } from "../testing/fake-clock.ts";
import { calls, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { defineTool } from "../tool/define-tool.ts";
import type { Clock } from "../util/clock.ts";
import { Throttle } from "../util/throttle.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { TicketSystem } from "./ticket-system.ts";

const hourMs = 3_600_000;

/** Timers go on evenly, as they do in Node; what the wall clock shows can be set. */
function wallClock() {
  const timers = fakeClock();
  let offset = 0;
  const clock: Clock = { ...timers, now: () => timers.now() + offset };
  return {
    clock,
    set: (byMs: number): void => {
      offset += byMs;
    },
    pass: async (ms: number): Promise<void> => {
      timers.advance(ms);
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe("a wall clock that is set back by an hour", () => {
  it("does not hold up what waits for a pause of milliseconds", async () => {
    const { clock, set, pass } = wallClock();
    let done = 0;
    const throttle = new Throttle({ clock, pauseMs: 5, task: () => done++ });
    throttle.ask();
    set(-hourMs);
    throttle.ask();
    await pass(5);
    expect(done).toBe(2);
  });

  it("does not hold up the look whether a ticket was cancelled by another process", async () => {
    const { clock, set, pass } = wallClock();
    const store = memoryStore({ clock });
    let renewals = 0;
    const leases = new LeaseKeeper({
      store: {
        ...store,
        renew: async () => {
          renewals += 1;
          return [];
        },
      },
      clock,
      leaseMs: hourMs,
    });
    const [ticket] = await store.insert([{ task: "work" }]);
    if (ticket === undefined) throw new Error("Nothing was filed.");
    const lease = { key: ticket.key, token: 1, worker: "w", expiresAt: 0 };
    leases.hold(lease, new AbortController());
    leases.checkSoon();
    await pass(0);
    set(-hourMs);
    leases.checkSoon();
    await pass(250);
    expect(renewals).toBe(2);
    leases.drop(lease);
  });

  it("leaves a held lease good, and a run ends", async () => {
    const { clock, set, pass } = wallClock();
    const answer = Promise.withResolvers<void>();
    const { model } = scriptedProvider(async () => {
      await answer.promise;
      return writesResult("done");
    });
    await using tickets = new TicketSystem({ store: memoryStore({ clock }), clock });
    tickets.agent({ model, role: "You work." });
    const handle = await tickets.task("work");
    const running = tickets.runDry();
    await pass(1);
    for (const jump of [-hourMs, 2 * hourMs, -hourMs]) {
      set(jump);
      await pass(15_000);
    }
    answer.resolve();
    await pass(1_000);
    expect(await running).toMatchObject({ reason: "drained" });
    expect(await handle.get()).toMatchObject({ status: "done", attempt: 1 });
  });
});

describe("work in the middle of which the wall clock is set back by an hour", () => {
  it("took no negative time, in events and in totals", async () => {
    const { clock, set, pass } = wallClock();
    const store = memoryStore({ clock });
    const { model } = scriptedProvider([
      () => {
        set(-hourMs);
        return calls(["look", {}]);
      },
      writesResult("done"),
    ]);
    const look = defineTool({
      name: "look",
      description: "Looks.",
      input: { type: "object", properties: {} },
      readOnly: true,
      run: () => set(-hourMs),
    });
    await using tickets = new TicketSystem({ store, clock });
    tickets.agent({ model, role: "You work.", tools: [look] });
    const handle = await tickets.task("work");
    const running = tickets.runDry();
    await pass(1_000);
    await running;

    const events = await tickets.eventLog({ types: ["request_finished", "tool_call_finished"] });
    const durations = events.map((event) => ("durationMs" in event ? event.durationMs : Number.NaN));
    expect(Math.min(...durations)).toBeGreaterThanOrEqual(0);
    expect((await handle.get()).work.workMs).toBeGreaterThanOrEqual(0);
    expect((await tickets.stats()).runMs).toBeGreaterThanOrEqual(0);
  });
});

describe("a wall clock that is set forward, as after a machine slept", () => {
  it("lets a ticket begin whose time has come, minutes later at most", async () => {
    const { clock, set, pass } = wallClock();
    const { model } = scriptedProvider([writesResult("done")]);
    await using tickets = new TicketSystem({ store: memoryStore({ clock }), clock });
    tickets.agent({ model, role: "You work." });
    const handle = await tickets.task("later", { notBefore: clock.now() + 10 * hourMs });
    const running = tickets.runDry();
    await pass(1_000);
    set(11 * hourMs);
    await pass(300_000);
    await pass(1_000);
    expect(await handle.get()).toMatchObject({ status: "done" });
    expect(await running).toMatchObject({ reason: "drained" });
  });
});
