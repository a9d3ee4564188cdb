import { describe, expect, it } from "vitest";
import { z } from "zod";
import { scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { TicketSystem } from "./ticket-system.ts";

const model = () => scriptedProvider(() => writesResult("done")).model;

describe("the door", () => {
  it.each([
    ["an empty task", { task: " " }, "task"],
    ["a task that is no JSON", { task: new Map() }, "task"],
    ["a task with a number that JSON has not", { task: { n: Number.NaN } }, "task"],
    ["an unknown option", { task: "x", label: ["a"] }, "label"],
    ["an empty label", { task: "x", labels: [""] }, "labels"],
    ["a label with half a character", { task: "x", labels: ["\ud800"] }, "labels"],
    ["a priority that is no number", { task: "x", priority: Number.NaN }, "priority"],
    ["a malformed key", { task: "x", blockedBy: ["TICKET-x"] }, "blockedBy"],
    ["a parent that does not exist", { task: "x", parent: "TICKET-99" }, "parent"],
    ["a date that is none", { task: "x", notBefore: new Date("never") }, "notBefore"],
    ["a schema that is none", { task: "x", schema: { type: "objekt" } }, "schema"],
  ])("refuses %s by name, and nothing of the batch is written", async (_name, task, field) => {
    await using tickets = new TicketSystem();

    await expect(tickets.tasks([{ task: "fine" }, task as never])).rejects.toMatchObject({
      field: expect.stringContaining(field),
    });
    expect(await tickets.find()).toEqual([]);
  });

  it.each([
    ["an unknown option", { director: "x" }, "director"],
    ["a policy that is no number", { policy: { maxSteps: -1 } }, "policy.maxSteps"],
    ["a policy that is no duration", { policy: { maxTime: "5 minutes" } }, "policy.maxTime"],
    ["a policy of a ticket", { policy: { maxTurns: 0 } }, "policy.maxTurns"],
    ["an unknown limit", { policy: { maxStep: 3 } }, "maxStep"],
    ["a lease duration", { leaseDuration: "soon" }, "leaseDuration"],
    ["no lease duration", { leaseDuration: 0 }, "leaseDuration"],
    ["a namespace with half a character", { namespace: "\ud800" }, "namespace"],
    ["a worker with half a character", { worker: "\ud800" }, "worker"],
  ])("of a ticket system refuses %s", async (_name, options, field) => {
    const start = async () => {
      await using tickets = new TicketSystem(options as never);
      tickets.agent({ model: model(), role: "You work." });
      await tickets.runDry();
    };
    await expect(start()).rejects.toMatchObject({ code: "invalid_input", field });
  });

  it.each([
    ["a role", { model: model() }, "agent.role"],
    ["options that exist", { model: model(), role: "x", label: ["a"] }, "label"],
    ["limits that fit", { model: model(), role: "x", policy: { maxAttempts: 0 } }, "policy.maxAttempts"],
    ["a model", { role: "x" }, "agent.model"],
    ["a whole concurrency", { model: model(), role: "x", concurrency: 0.5 }, "agent.concurrency"],
    ["labels with text", { model: model(), role: "x", labels: [" "] }, "agent.labels"],
    ["labels of whole characters", { model: model(), role: "x", labels: ["\ud800"] }, "agent.labels"],
    ["a name of whole characters", { model: model(), role: "x", name: "a\0" }, "agent.name"],
  ])("of an agent asks for %s", async (_name, options, field) => {
    await using tickets = new TicketSystem();
    expect(() => tickets.agent(options as never)).toThrow(
      expect.objectContaining({ code: "invalid_input", field }),
    );
  });

  it("refuses a second agent of the same name", async () => {
    await using tickets = new TicketSystem({ agents: [{ model: model(), role: "x" }] });
    expect(() => tickets.agent({ model: model(), role: "y" })).toThrow(/already an agent named agent/);
  });

  it("answers with the same ticket for the same idempotency key", async () => {
    await using tickets = new TicketSystem();
    const first = await tickets.task("x", { idempotencyKey: "order-7" });
    const second = await tickets.task("x again", { idempotencyKey: "order-7" });

    expect(second.key).toBe(first.key);
    expect(await tickets.find()).toHaveLength(1);
  });

  it("files tickets that name each other, and handles as blockers and parents", async () => {
    await using tickets = new TicketSystem();
    const before = await tickets.task("before");
    const [build, test] = await tickets.tasks([
      { ref: "build", task: "build", blockedBy: [before] },
      { task: "test", blockedBy: ["build", before.key], parent: "build", onBlockerFailed: "fail" },
    ]);

    expect(await test?.get()).toMatchObject({
      blockedBy: [before.key, build?.key],
      parent: build?.key,
      onBlockerFailed: "fail",
    });
    await tickets.cancel(before);
    expect(await test?.get()).toMatchObject({ status: "failed", failure: { reason: "blocked" } });
    expect(await tickets.explain(build?.key ?? "")).toMatchObject({ reason: "blocker_failed" });
  });

  it("refuses a URL that no plugin opens, and names the plugins' schemes", () => {
    expect(() => new TicketSystem({ store: "postgres://localhost/x" })).toThrow(
      /No store opens postgres: URLs/,
    );
  });

  it("gives a handle with a typed result on a ticket that is already there", async () => {
    await using tickets = new TicketSystem({
      agents: [{ model: scriptedProvider([writesResult({ n: 1 })]).model, role: "x" }],
    });
    const { key } = await tickets.task("x", { schema: { type: "object" } });
    await tickets.runDry();
    const handle = await tickets.ticket(key, { schema: z.object({ n: z.number() }) });

    expect((await handle.result()).n).toBe(1);
    await expect(tickets.ticket("TICKET-9")).rejects.toMatchObject({ code: "not_found" });
  });
});
