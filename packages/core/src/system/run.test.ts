import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../store/memory/memory-store.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import { recordEvents } from "../testing/event-recorder.ts";
import { calls, says, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { defineTool } from "../tool/define-tool.ts";
import { Agent } from "./agent.ts";
import { TicketSystem } from "./ticket-system.ts";

const finishing = () => scriptedProvider(() => writesResult("done"));

describe("why a run ends", () => {
  it("is drained when no ticket is left open", async () => {
    await using tickets = new TicketSystem();
    tickets.agent({ model: finishing().model, role: "You work." });
    await tickets.task("one");
    await tickets.task("two");

    const results = await tickets.runDry();

    expect(results.reason).toBe("drained");
    expect(results.all).toEqual(["done", "done"]);
    expect(results.tickets.map(({ status }) => status)).toEqual(["done", "done"]);
  });

  it("is drained at once with nothing on the queue", async () => {
    await using tickets = new TicketSystem({ agents: [{ model: finishing().model, role: "You work." }] });

    expect(await tickets.runDry()).toMatchObject({
      reason: "drained",
      first: undefined,
      last: undefined,
      all: [],
    });
  });

  it("is stalled with the ticket and the label that no agent serves", async () => {
    await using tickets = new TicketSystem();
    tickets.agent({ name: "reviewer", labels: ["review"], model: finishing().model, role: "You review." });
    await tickets.task("review it", { labels: ["review"] });
    const orphan = await tickets.task("paint it", { labels: ["paint"] });

    const results = await tickets.runDry();

    expect(results.reason).toBe("stalled");
    expect(results.all).toEqual(["done"]);
    expect(results.unclaimed).toEqual([
      { key: orphan.key, reason: "no_agent", message: expect.stringContaining("paint") },
    ]);
    await expect(orphan.result()).rejects.toMatchObject({ code: "ticket_unfinished" });
  });

  it("is stalled when a blocker failed, and explain names it", async () => {
    await using tickets = new TicketSystem({ policy: { maxTurns: 1 } });
    tickets.agent({ model: scriptedProvider([says("hm")]).model, role: "You work." });
    const blocker = await tickets.task("first");
    const blocked = await tickets.task("second", { blockedBy: [blocker] });

    const results = await tickets.runDry();

    expect(results.reason).toBe("stalled");
    expect(await tickets.explain(blocked)).toMatchObject({
      reason: "blocker_failed",
      message: expect.stringContaining(blocker.key),
    });
  });

  it("is policy when the steps are used up and tickets remain", async () => {
    await using tickets = new TicketSystem({ policy: { maxSteps: 2 } });
    tickets.agent({ model: finishing().model, role: "You work." });
    await tickets.tasks(["a", "b", "c"].map((task) => ({ task })));

    const results = await tickets.runDry();

    expect(results).toMatchObject({
      reason: "policy",
      violation: { limit: "maxSteps", maximum: 2 },
      all: ["done", "done"],
    });
  });

  it("ends with steps for one ticket and an agent before the one that takes it", async () => {
    await using tickets = new TicketSystem({ policy: { maxSteps: 1 } });
    tickets.agent({ name: "a", labels: ["a"], model: finishing().model, role: "You work." });
    tickets.agent({ name: "b", labels: ["b"], model: finishing().model, role: "You work." });
    await tickets.task("for b", { labels: ["b"] });

    expect(await tickets.runDry()).toMatchObject({ reason: "drained", all: ["done"] });
  });

  it("is stalled, not policy, when what is left after the last step could not be worked anyway", async () => {
    await using tickets = new TicketSystem({ policy: { maxSteps: 1 } });
    tickets.agent({ model: finishing().model, role: "You work." });
    await tickets.tasks([{ task: "a" }, { task: "b", labels: ["nobody"] }]);

    expect(await tickets.runDry()).toMatchObject({ reason: "stalled", unclaimed: [{ reason: "no_agent" }] });
  });

  it("names the missing agent of a ticket that another system gave back", async () => {
    const store = memoryStore();
    const first = new TicketSystem({ store });
    first.agent({
      name: "a",
      labels: ["a"],
      model: scriptedProvider(() => ({ hangs: true })).model,
      role: "You work.",
    });
    const handle = await first.task("for a", { labels: ["a"] });
    const running = first.run();
    await delay(20);
    await first.close();
    await running;
    await using second = new TicketSystem({ store });
    second.agent({ name: "b", labels: ["b"], model: finishing().model, role: "You work." });

    expect(await second.runDry()).toMatchObject({
      reason: "stalled",
      unclaimed: [{ key: handle.key, reason: "no_agent" }],
    });
  });

  it("is drained when the last step empties the queue", async () => {
    await using tickets = new TicketSystem({ policy: { maxSteps: 2 } });
    tickets.agent({ model: finishing().model, role: "You work." });
    await tickets.tasks(["a", "b"].map((task) => ({ task })));

    expect((await tickets.runDry()).reason).toBe("drained");
  });

  it("is policy when the time is up, and the ticket in hand is back on the queue", async () => {
    await using tickets = new TicketSystem({ policy: { maxTime: "50ms" } });
    tickets.agent({ model: scriptedProvider(() => ({ hangs: true })).model, role: "You work." });
    const handle = await tickets.task("endless");

    const results = await tickets.runDry();

    expect(results).toMatchObject({ reason: "policy", violation: { limit: "maxTime" } });
    expect((await handle.get()).status).toBe("in_progress");
  });

  it("is policy when a token budget is used up, counted over all tickets", async () => {
    const script = scriptedProvider(() => ({ ...writesResult("done"), usage: { inputTokens: 1_000 } }));
    await using tickets = new TicketSystem({ policy: { maxInputTokens: 4_000 } });
    tickets.agent({ model: script.model, role: "You work." });
    using events = recordEvents(tickets);
    await tickets.tasks(["a", "b", "c", "d", "e"].map((task) => ({ task })));

    const results = await tickets.runDry();

    // A request of this size is taken for less than 2,000 tokens at most: the fourth no longer fits.
    expect(results).toMatchObject({
      reason: "policy",
      violation: { limit: "maxInputTokens", maximum: 4_000 },
    });
    expect(script.requests).toHaveLength(3);
    expect(events.of("policy_violated")).toHaveLength(1);
  });

  it("is policy when the cost is reached, and needs a price", async () => {
    const price = { input: 1_000, output: 0 };
    const script = scriptedProvider(() => ({ ...writesResult("x"), usage: { inputTokens: 1_000 } }), {
      price,
    });
    await using tickets = new TicketSystem({ policy: { maxCost: 4 } });
    tickets.agent({ model: script.model, role: "You work." });
    await tickets.tasks(["a", "b", "c", "d", "e"].map((task) => ({ task })));
    expect(await tickets.runDry()).toMatchObject({ reason: "policy", violation: { limit: "maxCost" } });
    expect((await tickets.stats()).cost).toBe(3);

    await using unpriced = new TicketSystem({ policy: { maxCost: 3 } });
    unpriced.agent({ model: finishing().model, role: "You work." });
    await expect(unpriced.runDry()).rejects.toMatchObject({ code: "invalid_input", field: "policy.maxCost" });
  });

  it("is stopped after stop(), and the run starts again where it was", async () => {
    const script = scriptedProvider([calls(["wait", {}]), writesResult("done")]);
    await using tickets = new TicketSystem();
    const wait = defineTool({
      name: "wait",
      description: "Waits.",
      input: { type: "object", properties: {} },
      run: () => {
        tickets.stop();
        return "waited";
      },
    });
    tickets.agent({ model: script.model, role: "You work.", tools: [wait] });
    const handle = await tickets.task("work");

    expect((await tickets.run()).reason).toBe("stopped");
    expect((await handle.get()).status).toBe("in_progress");
    expect((await tickets.runDry()).reason).toBe("drained");
    expect(await handle.result()).toBe("done");
    script.assertFinished();
  });
});

describe("a run", () => {
  it("asks the store nothing while one agent is busy and the other has nothing to take", async () => {
    const store = memoryStore();
    let asked = 0;
    const counting: TicketStore = {
      ...store,
      claim: (request) => {
        asked++;
        return store.claim(request);
      },
      outlook: (wants) => {
        asked++;
        return store.outlook(wants);
      },
    };
    const slow = scriptedProvider(async () => {
      await delay(600);
      return writesResult("done");
    });
    await using tickets = new TicketSystem({ store: counting, policy: { maxSteps: 1 } });
    tickets.agent({ name: "a", labels: ["a"], model: slow.model, role: "You work." });
    tickets.agent({ name: "b", labels: ["b"], model: slow.model, role: "You work." });
    await tickets.tasks([
      { task: "1", labels: ["a"] },
      { task: "2", labels: ["a"] },
    ]);
    await tickets.runDry();

    expect(asked).toBeLessThan(8);
  });

  it("reads each ticket that ended once, for its results and the readable log together", async () => {
    const dir = await mkdtemp(join(tmpdir(), "agentwerk-run-"));
    const store = memoryStore();
    const read: string[] = [];
    const counting: TicketStore = {
      ...store,
      find: (filter) => {
        read.push(...(filter.keys ?? []));
        return store.find(filter);
      },
    };
    await using tickets = new TicketSystem({ store: counting, dir });
    tickets.agent({ model: finishing().model, role: "You work.", concurrency: 5 });
    await tickets.tasks(Array.from({ length: 20 }, (_, task) => ({ task })));
    const { all, tickets: ended } = await tickets.runDry();

    expect([all.length, ended.length]).toEqual([20, 20]);
    // Once for the line of its filing, once after its end.
    expect(read).toHaveLength(40);
    await rm(dir, { recursive: true, force: true });
  });

  it("waits for a ticket whose time has not come", async () => {
    await using tickets = new TicketSystem();
    tickets.agent({ model: finishing().model, role: "You work." });
    const due = Date.now() + 80;
    const handle = await tickets.task("later", { notBefore: due });

    expect((await tickets.runDry()).reason).toBe("drained");
    expect((await handle.get()).startedAt).toBeGreaterThanOrEqual(due);
  });

  it("is woken by a ticket that is filed while it idles", async () => {
    await using tickets = new TicketSystem();
    tickets.agent({ model: finishing().model, role: "You work." });
    const running = tickets.run();
    await delay(30);
    const filedAt = performance.now();
    const handle = await tickets.task("now");

    expect(await handle.result()).toBe("done");
    expect(performance.now() - filedAt).toBeLessThan(100);
    tickets.stop();
    expect((await running).reason).toBe("stopped");
  });

  it("uses no measurable CPU while it idles", async () => {
    await using tickets = new TicketSystem();
    tickets.agent({ model: finishing().model, role: "You work." });
    const running = tickets.run();
    await delay(100);
    const before = process.cpuUsage();
    await delay(1_000);
    const { user, system } = process.cpuUsage(before);
    tickets.stop();
    await running;

    expect((user + system) / 1_000).toBeLessThan(100);
  });

  it("works as many tickets at once as the agent's concurrency says", async () => {
    let now = 0;
    let most = 0;
    const script = scriptedProvider(async () => {
      now++;
      most = Math.max(most, now);
      await delay(5);
      now--;
      return writesResult("done");
    });
    await using tickets = new TicketSystem();
    tickets.agent({ model: script.model, role: "You work.", concurrency: 4 });
    await tickets.tasks(Array.from({ length: 20 }, (_, index) => ({ task: `task ${index}` })));

    expect((await tickets.runDry()).all).toHaveLength(20);
    expect(most).toBe(4);
  });

  it("takes higher priority first, then the older one", async () => {
    const script = finishing();
    await using tickets = new TicketSystem();
    tickets.agent({ model: script.model, role: "You work." });
    await tickets.tasks([
      { task: "a" },
      { task: "b", priority: 5 },
      { task: "c" },
      { task: "d", priority: 5 },
    ]);

    const { tickets: ended } = await tickets.runDry();

    expect(ended.map(({ task }) => task)).toEqual(["b", "d", "a", "c"]);
  });

  it("refuses to start twice at once", async () => {
    await using tickets = new TicketSystem();
    tickets.agent({ model: finishing().model, role: "You work." });
    const running = tickets.run();

    await expect(tickets.runDry()).rejects.toMatchObject({ code: "conflict" });
    tickets.stop();
    await running;
  });

  it("pins a ticket to the agent that its label names", async () => {
    await using tickets = new TicketSystem();
    tickets.agent(new Agent({ name: "ada", model: finishing().model, role: "You work." }));
    tickets.agent(new Agent({ name: "bob", model: finishing().model, role: "You work." }));
    const handle = await tickets.task("for bob", { labels: ["bob"] });
    await tickets.runDry();

    expect((await handle.get()).agent).toBe("bob");
  });

  it("rejects with the store's error when the store fails, and says nothing is done", async () => {
    await using tickets = new TicketSystem();
    const script = scriptedProvider(async () => {
      await tickets.store.close();
      return writesResult("lost");
    });
    tickets.agent({ model: script.model, role: "You work." });
    await tickets.task("work");

    await expect(tickets.runDry()).rejects.toMatchObject({ code: "closed" });
  });
});
