import { describe, expect, it } from "vitest";
import { definePlugin } from "../plugin/plugin.ts";
import { calls, fails, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { TicketSystem } from "./ticket-system.ts";

const impatient = { maxRequestRetries: 0 } as const;

describe("a retry with another model", () => {
  it("works the ticket with a model that a plugin makes, with the conversation and the failed attempt kept", async () => {
    const small = scriptedProvider([calls(["nothing", {}]), fails("overloaded")]);
    const large = scriptedProvider([writesResult("done")], { name: "large" });
    const made: string[] = [];
    const plugin = definePlugin({
      name: "vendor",
      providers: {
        vendor: (name) => {
          made.push(name);
          return { ...large.model, name };
        },
      },
    });
    await using tickets = new TicketSystem({ plugins: [plugin], policy: impatient });
    tickets.agent({ model: small.model, role: "You work." });
    const handle = await tickets.task("work");
    await tickets.runDry();
    await expect(handle.result()).rejects.toThrow(`${handle.key} failed (request_failed)`);

    const retried = await tickets.retryAll("status = failed", { model: "vendor:large", note: "Go on." });
    expect(retried).toMatchObject([{ model: "vendor:large", status: "todo" }]);
    await tickets.runDry();

    large.assertFinished();
    expect(made).toEqual(["large"]);
    expect(large.requests[0]).toMatchObject({ model: "large" });
    expect(large.requests[0]?.messages.map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "tool",
      "user",
    ]);
    const ticket = await handle.get();
    expect(ticket).toMatchObject({ status: "done", attempt: 2, work: { requests: 3 } });
    expect(ticket.failures).toMatchObject([
      { attempt: 1, agent: "agent", model: "scripted:scripted-model", work: { requests: 2, errors: 2 } },
    ]);
    expect((await tickets.explain(handle.key)).failures).toHaveLength(1);
  });

  it("knows the models of the agents here, and says how often a ticket failed", async () => {
    const first = scriptedProvider(() => fails("overloaded"));
    const second = scriptedProvider(() => fails("overloaded"), { name: "second" });
    await using tickets = new TicketSystem({ policy: impatient });
    tickets.agent({ model: first.model, role: "You work." });
    tickets.agent({ name: "idle", labels: ["idle"], model: second.model, role: "You wait." });
    const handle = await tickets.task("work");
    await tickets.runDry();
    for (const model of ["second", "scripted:second"]) {
      await tickets.retry(handle, { model });
      await tickets.runDry();
    }
    expect(second.requests).toHaveLength(2);
    await expect(handle.result()).rejects.toThrow(/failed after 3 attempts/);
    expect((await tickets.explain(handle.key)).message).toContain("failed after 3 attempts");
    const { failures } = await handle.get();
    expect(failures?.map(({ model }) => model)).toEqual([
      "scripted:scripted-model",
      "second",
      "scripted:second",
    ]);
  });

  it("is refused when nothing here knows the model, with what there is, and the ticket stays as it was", async () => {
    await using tickets = new TicketSystem({ policy: impatient });
    tickets.agent({ model: scriptedProvider([fails("overloaded")]).model, role: "You work." });
    const handle = await tickets.task("work");
    await tickets.runDry();

    const retry = tickets.retry(handle, { model: "vendor:huge" });
    await expect(retry).rejects.toMatchObject({ code: "invalid_input", field: "model" });
    await expect(retry).rejects.toThrow(/known here as vendor:huge.*scripted:scripted-model/);
    expect(await handle.get()).toMatchObject({ status: "failed", attempt: 1 });
  });

  it("fails the ticket by name in a process that does not know the model", async () => {
    const provider = scriptedProvider([fails("overloaded")]);
    await using tickets = new TicketSystem({ policy: impatient });
    tickets.agent({ model: provider.model, role: "You work." });
    const { key } = await tickets.task("work");
    await tickets.runDry();
    await tickets.store.update(key, { type: "retry", model: "elsewhere:model" });
    await tickets.runDry();

    expect(await tickets.get(key)).toMatchObject({
      status: "failed",
      failure: { reason: "model_unknown" },
      failures: [{ model: "scripted:scripted-model" }, { model: "elsewhere:model" }],
    });
  });
});

describe("explain", () => {
  it("tells blockers, and how far the budgets over a ticket are used", async () => {
    const price = { input: 1, output: 1 };
    const script = scriptedProvider(
      [{ ...calls(["nothing", {}]), usage: { outputTokens: 7 } }, { hangs: true }],
      { price, maxOutputTokens: 100 },
    );
    await using tickets = new TicketSystem({ policy: { maxOutputTokens: 1_000 } });
    tickets.agent({ model: script.model, role: "You work." });
    const [first, second] = await tickets.tasks([
      { ref: "first", task: "first", budget: { maxOutputTokens: 500, maxCost: 1 } },
      { task: "second", blockedBy: ["first"] },
    ]);
    const running = tickets.run();
    while (script.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    const { key = "" } = first ?? {};

    const { reason, budgets } = await tickets.explain(key);
    expect(reason).toBe("leased");
    expect(budgets).toMatchObject([
      { envelope: key, limit: "maxCost", maximum: 1 },
      { envelope: key, limit: "maxOutputTokens", maximum: 500, spent: 7, reserved: 100 },
      { limit: "maxOutputTokens", maximum: 1_000, spent: 7, reserved: 100 },
    ]);
    expect(await tickets.explain(second?.key ?? "")).toMatchObject({
      reason: "blocked",
      blockers: [{ key, status: "in_progress" }],
    });
    await tickets.cancel(key);
    expect(await tickets.explain(second?.key ?? "")).toMatchObject({ reason: "blocker_failed" });
    tickets.stop();
    await running;
  });

  it("says that a budget ended the last run", async () => {
    const script = scriptedProvider([], { maxOutputTokens: 100 });
    await using tickets = new TicketSystem({ policy: { maxOutputTokens: 50 } });
    tickets.agent({ model: script.model, role: "You work." });
    const { key } = await tickets.task("work");
    await tickets.runDry();
    expect(await tickets.explain(key)).toMatchObject({
      reason: "budget",
      message: expect.stringContaining("maxOutputTokens (100 of 50)"),
    });
  });
});
