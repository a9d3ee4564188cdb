import { describe, expect, it } from "vitest";
import type { ModelRequest } from "../provider/provider.ts";
import { memoryStore } from "../store/memory/memory-store.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import { recordEvents } from "../testing/event-recorder.ts";
import { fakeClock } from "../testing/fake-clock.ts";
import {
  calls,
  fails,
  type ScriptedReply,
  says,
  scriptedProvider,
  writesResult,
} from "../testing/scripted-provider.ts";
import { noAmounts } from "../ticket/budget.ts";
import { defineTool } from "../tool/define-tool.ts";
import { manageTickets } from "../tool/manage-tickets.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { RunBudget } from "./run-budget.ts";
import { TicketSystem } from "./ticket-system.ts";

const price = { input: 1, output: 10 };
/** The dearest request that the tests make: at most 2,000 tokens in, 1,000 out. */
const model = { price, maxOutputTokens: 1_000 };
const worst = (2_000 * price.input + 1_000 * price.output) / 1e6;

const costs = (outputTokens: number, inputTokens = 100): ScriptedReply => ({
  ...writesResult("x"),
  usage: { inputTokens, outputTokens },
});

/** A store that counts what budgets ask of it. */
function counting(): { readonly store: TicketStore; readonly asked: string[] } {
  const store = memoryStore();
  const asked: string[] = [];
  return {
    asked,
    store: {
      ...store,
      reserve: (...args) => {
        asked.push("reserve");
        return store.reserve(...args);
      },
      enterBudget: (...args) => {
        asked.push("enterBudget");
        return store.enterBudget(...args);
      },
      account: (...args) => {
        asked.push("account");
        return store.account(...args);
      },
    },
  };
}

describe("the budget of a run", () => {
  it("is never passed by 50 slots at once, and is used as far as the worst case of one request allows", async () => {
    let under = 0;
    let most = 0;
    let spent = 0;
    const maxCost = 0.5;
    const script = scriptedProvider(async (request: ModelRequest) => {
      under += 1;
      most = Math.max(most, under);
      const outputTokens = 1 + Math.floor(Math.random() * (request.maxOutputTokens ?? 0));
      spent += (100 * price.input + outputTokens * price.output) / 1e6;
      expect(spent).toBeLessThanOrEqual(maxCost);
      await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 3));
      under -= 1;
      return costs(outputTokens);
    }, model);
    await using tickets = new TicketSystem({ policy: { maxCost } });
    tickets.agent({ model: script.model, role: "You work.", concurrency: 50 });
    await tickets.tasks(Array.from({ length: 400 }, (_, task) => ({ task })));

    const results = await tickets.runDry();

    script.assertFinished();
    expect(results).toMatchObject({ reason: "policy", violation: { limit: "maxCost", maximum: maxCost } });
    expect(spent).toBeGreaterThan(maxCost - worst);
    expect((await tickets.stats()).cost).toBeCloseTo(spent, 9);
    expect(most).toBeGreaterThan(10);
    expect(await tickets.store.account()).toMatchObject({ reserved: { cost: 0 } });
  });

  it("lets a request wait for reservations of others, until they settle, the ticket is cancelled or the run stops", async () => {
    const answer = Promise.withResolvers<void>();
    const script = scriptedProvider(async () => {
      await answer.promise;
      return costs(10);
    }, model);
    await using tickets = new TicketSystem({ policy: { maxOutputTokens: 1_500 } });
    tickets.agent({ model: script.model, role: "You work.", concurrency: 3 });
    const [first, second, third, fourth] = await tickets.tasks(
      ["a", "b", "c", "d"].map((task) => ({ task })),
    );
    const running = tickets.run();
    const until = async (holds: () => Promise<boolean>): Promise<void> => {
      while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    await until(async () => (await tickets.find("status = in_progress")).length === 3);
    await until(async () => script.requests.length === 1);
    await tickets.cancel(second?.key ?? "");
    answer.resolve();
    await until(async () => (await tickets.find("status = done")).length === 3);

    expect(await second?.get()).toMatchObject({ status: "cancelled", work: { requests: 0, cost: 0 } });
    for (const handle of [first, third, fourth])
      expect(await handle?.get()).toMatchObject({ status: "done" });
    expect(await tickets.store.account()).toMatchObject({ reserved: { outputTokens: 0 } });

    const hanging = scriptedProvider(() => ({ hangs: true }), model);
    tickets.agent({
      name: "slow",
      labels: ["slow"],
      model: hanging.model,
      role: "You hang.",
      concurrency: 2,
    });
    await tickets.tasks([1, 2].map((task) => ({ task, labels: ["slow"] })));
    await until(async () => (await tickets.find("slow AND status = in_progress")).length === 2);
    await until(async () => hanging.requests.length === 1);
    tickets.stop();
    await until(async () => (await tickets.find("slow")).some(({ lease }) => lease === undefined));
    for (const { key } of await tickets.find("slow")) await tickets.cancel(key);
    expect(await running).toMatchObject({ reason: "stopped" });
    expect(hanging.requests).toHaveLength(1);
  });

  it("begins anew with the next run", async () => {
    const script = scriptedProvider(() => costs(1_000), model);
    await using tickets = new TicketSystem({ policy: { maxOutputTokens: 2_500 } });
    tickets.agent({ model: script.model, role: "You work." });
    await tickets.tasks(Array.from({ length: 5 }, (_, task) => ({ task })));
    for (const done of [2, 4]) {
      expect(await tickets.runDry()).toMatchObject({ violation: { limit: "maxOutputTokens", value: 3_000 } });
      expect(script.requests).toHaveLength(done);
    }
    expect(await tickets.runDry()).toMatchObject({ reason: "drained" });
  });

  it("does not begin anew where its membership lapsed and a later run began one", async () => {
    const { store } = counting();
    const clock = fakeClock();
    const budget = new RunBudget({
      policy: { maxCost: 1 },
      store: { ...store, enterBudget: async () => answers.shift() ?? noAmounts },
      clock,
      worker: "w",
      leases: new LeaseKeeper({ store, clock, leaseMs: 300 }),
      leaseMs: 300,
    });
    const answers = [5, 7, 4].map((cost) => ({ ...noAmounts, cost }));
    const beginnings: number[] = [];
    await budget.start([]);
    for (let beat = 0; beat < 3; beat++) {
      const [state] = await budget.states();
      beginnings.push(0 - (state?.spent ?? 0));
      clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(beginnings).toEqual([5, 5, 4]);
    await budget.end();
  });

  it("renews its membership with the next beat after a renewal that failed", async () => {
    const { store } = counting();
    const clock = fakeClock();
    let beats = 0;
    const budget = new RunBudget({
      policy: { maxCost: 1 },
      store: {
        ...store,
        enterBudget: async () => {
          if (++beats === 2) throw new Error("busy");
          return noAmounts;
        },
      },
      clock,
      worker: "w",
      leases: new LeaseKeeper({ store, clock, leaseMs: 300 }),
      leaseMs: 300,
    });
    await budget.start([]);
    for (let beat = 0; beat < 3; beat++) {
      clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(beats).toBe(4);
    await budget.end();
    clock.advance(1_000);
    expect(beats).toBe(5);
  });

  it("counts requests whose price nobody learnt with their worst case, and refused ones not at all", async () => {
    const script = scriptedProvider(
      [fails("rate_limited"), fails("timed_out"), fails("connection_failed"), costs(10)],
      model,
    );
    await using tickets = new TicketSystem({ policy: { maxCost: 1, requestRetryDelay: 0 } });
    using events = recordEvents(tickets);
    tickets.agent({ model: script.model, role: "You work." });
    const handle = await tickets.task("work");
    await tickets.runDry();

    script.assertFinished();
    expect(events.of("reservation_forfeited")).toHaveLength(2);
    const { work } = await handle.get();
    expect(work.usage.outputTokens).toBe(2_010);
    expect(work.cost).toBeGreaterThan(0.02);
    expect(work.cost).toBeLessThan(2 * worst + 0.001);
  });

  it("counts nothing for a request that was granted too late to be sent", async () => {
    for (const now of [false, true]) {
      const { store } = counting();
      const answer = Promise.withResolvers<void>();
      const isAsked = Promise.withResolvers<void>();
      const mayGrant = Promise.withResolvers<void>();
      let reserved = 0;
      const slow: TicketStore = {
        ...store,
        reserve: async (...args) => {
          const reservation = await store.reserve(...args);
          if (reservation.kind !== "granted" || ++reserved === 1) return reservation;
          isAsked.resolve();
          await mayGrant.promise;
          return reservation;
        },
      };
      const script = scriptedProvider(async () => {
        await answer.promise;
        return costs(10);
      }, model);
      await using tickets = new TicketSystem({ store: slow, policy: { maxOutputTokens: 1_500 } });
      using events = recordEvents(tickets);
      tickets.agent({ model: script.model, role: "You work.", concurrency: 2 });
      await tickets.tasks([{ task: "a" }, { task: "b" }]);
      const ended = new AbortController();
      const running = tickets.runDry({ signal: ended.signal });
      answer.resolve();
      await isAsked.promise;
      if (now) ended.abort();
      else tickets.stop();
      mayGrant.resolve();

      expect(await running).toMatchObject({ reason: "stopped" });
      expect(script.requests).toHaveLength(1);
      expect(events.of("reservation_forfeited")).toEqual([]);
      expect(await store.account()).toMatchObject({
        spent: { outputTokens: 10 },
        reserved: { outputTokens: 0 },
      });
    }
  });

  it("covers what tools ask the model aside, one request of a ticket after the other", async () => {
    const script = scriptedProvider((request) => {
      if (request.tools.length === 0)
        return { ...says("brief"), usage: { inputTokens: 10, outputTokens: 10 } };
      const asked = request.messages.length > 1;
      return asked ? costs(10) : { ...calls(["ask", {}], ["ask", {}]), usage: { outputTokens: 10 } };
    }, model);
    await using tickets = new TicketSystem({ policy: { maxCost: 1 } });
    using events = recordEvents(tickets);
    const ask = {
      name: "ask",
      description: "Asks.",
      input: { type: "object", properties: {} },
      readOnly: true,
    } as const;
    const tool = defineTool({
      ...ask,
      run: async (_input, { generate }) => {
        const message = { role: "user" as const, content: [{ type: "text" as const, text: "word" }] };
        return (await generate({ messages: [message] })).requestId ?? "asked";
      },
    });
    tickets.agent({ model: script.model, role: "You work.", tools: [tool] });
    const handle = await tickets.task("work");
    await tickets.runDry();

    expect((await handle.get()).work).toMatchObject({ requests: 4, usage: { outputTokens: 40 } });
    expect(events.of("reservation_forfeited")).toEqual([]);
  });

  it("sends a limit of output tokens where neither policy nor model names one", async () => {
    const script = scriptedProvider([costs(1), costs(1)]);
    await using tickets = new TicketSystem({ policy: { maxOutputTokens: 20_000 } });
    tickets.agent({ model: script.model, role: "You work." });
    await tickets.task("a");
    await tickets.runDry();
    await using free = new TicketSystem();
    free.agent({ model: script.model, role: "You work." });
    await free.task("b");
    await free.runDry();

    expect(script.requests.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([16_384, undefined]);
  });

  it("refuses an agent without a price that joins while it holds", async () => {
    await using tickets = new TicketSystem({ policy: { maxCost: 1 } });
    tickets.agent({ model: scriptedProvider([], model).model, role: "You work." });
    const running = tickets.run();
    const late = { name: "late", model: scriptedProvider([]).model, role: "You work." };
    expect(() => tickets.agent(late)).toThrow(expect.objectContaining({ field: "policy.maxCost" }));
    tickets.stop();
    await running;
  });

  it("costs the store nothing where none is set, and a question a request where one is", async () => {
    for (const [policy, expected] of [
      [{}, []],
      [{ maxInputTokens: 1e6 }, ["enterBudget", "account", "reserve", "enterBudget"]],
    ] as const) {
      const { store, asked } = counting();
      await using tickets = new TicketSystem({ store, policy });
      tickets.agent({ model: scriptedProvider([costs(1)]).model, role: "You work." });
      await tickets.task("a");
      await tickets.runDry();
      expect(asked).toEqual(expected);
    }
  });
});

describe("the budget of a ticket", () => {
  it("fails the ticket that would pass it, with its name, and not the run", async () => {
    const script = scriptedProvider(
      (request) =>
        request.messages.length > 3 ? costs(10) : { ...says("hm"), usage: { outputTokens: 900 } },
      model,
    );
    await using tickets = new TicketSystem();
    tickets.agent({ model: script.model, role: "You work." });
    const small = await tickets.task("small", { budget: { maxOutputTokens: 1_500 } });
    const large = await tickets.task("large", { budget: { maxOutputTokens: 5_000 } });

    expect(await tickets.runDry()).toMatchObject({ reason: "drained" });
    expect(await small.get()).toMatchObject({ status: "failed", failure: { reason: "budget_exhausted" } });
    expect((await small.get()).failure?.message).toContain(`The budget of ${small.key}`);
    expect(await large.get()).toMatchObject({ status: "done" });
  });

  it("is shared by the tickets that it files, whichever agent works them", async () => {
    const boss = scriptedProvider(
      [
        {
          ...calls(
            ["manage_tickets", { action: "create", task: "one", labels: ["part"] }],
            ["manage_tickets", { action: "create", task: "two", labels: ["part"] }],
            ["manage_tickets", { action: "wait" }],
          ),
          usage: { outputTokens: 10 },
        },
        costs(10),
      ],
      model,
    );
    const parts = scriptedProvider(() => costs(800), model);
    await using tickets = new TicketSystem();
    tickets.agent({ name: "boss", model: boss.model, role: "You plan.", tools: [manageTickets()] });
    tickets.agent({ name: "part", labels: ["part"], model: parts.model, role: "You work." });
    const handle = await tickets.task("all", { budget: { maxOutputTokens: 1_500 } });
    await tickets.runDry();

    const children = await tickets.find({ parent: handle.key });
    expect(children.map(({ status }) => status)).toEqual(["done", "failed"]);
    expect(children[1]?.failure).toMatchObject({ reason: "budget_exhausted" });
    expect(await handle.get()).toMatchObject({ status: "failed", failure: { reason: "budget_exhausted" } });
    expect(boss.requests).toHaveLength(1);
  });

  it("in money fails a ticket whose agent has a model without a price", async () => {
    await using tickets = new TicketSystem();
    tickets.agent({ model: scriptedProvider([]).model, role: "You work." });
    const handle = await tickets.task("work", { budget: { maxCost: 1 } });
    await tickets.runDry();
    expect(await handle.get()).toMatchObject({ failure: { reason: "price_unknown" } });
  });
});
