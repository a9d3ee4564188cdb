import { describe, expect, it } from "vitest";
import { z } from "zod";
import { TicketSystem } from "../system/ticket-system.ts";
import { recordEvents } from "../testing/event-recorder.ts";
import { calls, says, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { manageTickets } from "./manage-tickets.ts";
import { readTickets } from "./read-tickets.ts";
import { writeHandover } from "./write-handover.ts";

function lastText(request: { readonly messages: readonly unknown[] } | undefined): string {
  return JSON.stringify(request?.messages.at(-1));
}

describe("write_handover", () => {
  it("finishes with a checked result and files the follow-up in the same step", async () => {
    const scan = scriptedProvider([
      calls([
        "write_handover",
        { result: { risk: "high" }, task: "Report on {parent_key}: {parent_result}", labels: ["report"] },
      ]),
    ]);
    const report = scriptedProvider([writesResult("reported")]);
    await using tickets = new TicketSystem();
    using events = recordEvents(tickets);
    tickets.agent({
      name: "scanner",
      labels: ["scan"],
      model: scan.model,
      role: "You scan.",
      tools: [writeHandover()],
    });
    tickets.agent({ name: "writer", labels: ["report"], model: report.model, role: "You write." });
    const handle = await tickets.task("scan it", {
      labels: ["scan"],
      schema: z.object({ risk: z.enum(["low", "high"]) }),
    });

    const results = await tickets.runDry();

    expect(results.reason).toBe("drained");
    expect(await handle.result()).toEqual({ risk: "high" });
    const [child] = await tickets.find({ parent: handle.key });
    expect(child).toMatchObject({ status: "done", labels: ["report"], reporter: "scanner" });
    expect(child?.task).toContain(`Report on ${handle.key}: {\n  "risk": "high"`);
    const order = events.types().filter((type) => type === "ticket_created" || type === "ticket_done");
    expect(order).toEqual(["ticket_created", "ticket_created", "ticket_done", "ticket_done"]);
  });

  it("is sent back when the result does not fit, and files nothing", async () => {
    const provider = scriptedProvider([
      calls(["write_handover", { result: { risk: "huge" }, task: "go on" }]),
      writesResult({ risk: "low" }),
    ]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: provider.model, role: "You scan.", tools: [writeHandover()] });
    await tickets.task("scan it", { schema: z.object({ risk: z.enum(["low", "high"]) }) });
    await tickets.runDry();

    expect(lastText(provider.requests[1])).toContain("was not accepted");
    expect(await tickets.find()).toHaveLength(1);
  });
});

describe("manage_tickets", () => {
  async function manage(...inputs: readonly Record<string, string | readonly string[] | number>[]) {
    const provider = scriptedProvider([
      ...inputs.map((input) => calls(["manage_tickets", input])),
      writesResult("done"),
    ]);
    const tickets = new TicketSystem();
    tickets.agent({
      name: "boss",
      labels: ["boss"],
      model: provider.model,
      role: "You manage.",
      tools: [manageTickets()],
    });
    const other = await tickets.task("other work", { labels: ["other"] });
    await tickets.task("manage", { labels: ["boss"] });
    await tickets.runDry();
    return { tickets, other, said: provider.requests.map(lastText) };
  }

  it("creates several tickets that wait for each other in one call, or none of them", async () => {
    const plan = (last: string) => ({
      action: "create",
      tickets: [
        { name: "read", task: "read it", labels: ["other"] },
        { name: "sum", task: "sum it up", labels: ["other"], blocked_by: ["read", last] },
      ],
    });
    const boss = scriptedProvider([
      calls(["manage_tickets", plan("sum")]),
      calls(["manage_tickets", plan("TICKET-1")]),
      writesResult("planned"),
    ]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: boss.model, role: "You plan.", tools: [manageTickets()] });
    const { key } = await tickets.task("plan it");
    await tickets.runDry();

    expect(lastText(boss.requests[1])).toContain("sum → sum");
    expect(lastText(boss.requests[2])).toContain("Created TICKET-2 (read), TICKET-3 (sum).");
    expect(await tickets.find({ parent: key })).toMatchObject([
      { key: "TICKET-2", blockedBy: [] },
      { key: "TICKET-3", blockedBy: ["TICKET-1", "TICKET-2"] },
    ]);
  });

  it("creates, edits and cancels tickets, and answers with their keys", async () => {
    const { tickets, other, said } = await manage(
      { action: "create", task: "sub task", labels: ["other"], priority: 3, blocked_by: ["TICKET-1"] },
      { action: "edit", key: "TICKET-1", task: "other work, but quick" },
      { action: "cancel", key: "TICKET-1", text: "no longer needed" },
    );

    const created = await tickets.get("TICKET-3");
    expect(said[1]).toContain("Created TICKET-3");
    expect(created).toMatchObject({
      task: "sub task",
      priority: 3,
      parent: "TICKET-2",
      reporter: "boss",
      blockedBy: ["TICKET-1"],
    });
    expect(await other.get()).toMatchObject({ status: "cancelled", task: "other work, but quick" });
  });

  it("refuses what the tickets' states forbid, and the agent reads why", async () => {
    const { said } = await manage(
      { action: "retry", key: "TICKET-1" },
      { action: "cancel", key: "TICKET-2" },
      { action: "cancel", key: "TICKET-77" },
      { action: "reply", key: "TICKET-1" },
    );

    expect(said[1]).toContain("todo");
    expect(said[2]).toContain("end it with write_result");
    expect(said[3]).toContain("TICKET-77");
    expect(said[4]).toContain("text is missing");
  });
});

describe("waiting for the tickets that an agent filed", () => {
  it("parks the ticket, gives the slot free, and brings the results", async () => {
    const boss = scriptedProvider([
      calls(
        ["manage_tickets", { action: "create", task: "part one" }],
        ["manage_tickets", { action: "create", task: "part two" }],
      ),
      calls(["manage_tickets", { action: "wait" }], ["read_tickets", { status: ["todo"] }]),
      writesResult("both parts are in"),
    ]);
    const worker = scriptedProvider([writesResult("one is 1"), says("no"), says("no")]);
    await using tickets = new TicketSystem({ policy: { maxSchemaRetries: 0 } });
    tickets.agent({
      name: "boss",
      labels: ["boss"],
      model: boss.model,
      role: "You manage.",
      tools: [manageTickets(), readTickets()],
    });
    tickets.agent({ name: "worker", model: worker.model, role: "You work." });
    const handle = await tickets.task("manage", { labels: ["boss"] });

    expect((await tickets.runDry()).reason).toBe("drained");
    expect(await handle.result()).toBe("both parts are in");
    const [, , last] = boss.requests;
    expect(last?.messages.map(({ role }) => role)).toEqual([
      ...["user", "assistant", "tool", "tool"],
      ...["assistant", "tool", "tool", "user"],
    ]);
    expect(lastText(last)).toContain("TICKET-2 done:\\none is 1");
    expect(lastText(last)).toContain("TICKET-3 failed (schema_retries_exhausted)");
    expect((await handle.get()).attempt).toBe(1);
  });

  it("is refused without any, and answered at once when all are finished", async () => {
    const boss = scriptedProvider([
      calls(["manage_tickets", { action: "wait" }]),
      calls(["manage_tickets", { action: "create", task: "part", labels: ["nobody"] }]),
      calls(["manage_tickets", { action: "cancel", key: "TICKET-2" }]),
      calls(["manage_tickets", { action: "wait" }]),
      writesResult("done"),
    ]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: boss.model, role: "You manage.", tools: [manageTickets()] });
    await tickets.task("manage");
    await tickets.runDry();

    boss.assertFinished();
    expect(lastText(boss.requests[1])).toContain("created no ticket");
    expect(lastText(boss.requests[4])).toContain("TICKET-2 cancelled");
  });
});

describe("read_tickets", () => {
  it("lists tickets and shows one with its conversation", async () => {
    const provider = scriptedProvider([
      calls(["read_tickets", { status: ["todo"] }]),
      calls(["read_tickets", { key: "TICKET-1", conversation: true }]),
      calls(["read_tickets", { key: "TICKET-9" }]),
      writesResult("done"),
    ]);
    await using tickets = new TicketSystem();
    tickets.agent({ labels: ["read"], model: provider.model, role: "You read.", tools: [readTickets()] });
    const first = await tickets.task("other work", { labels: ["other"] });
    await first.reply("hurry up", { author: "ann" });
    await tickets.task("read", { labels: ["read"] });
    await tickets.runDry();

    const [, list, one, none] = provider.requests.map(lastText);
    expect(list).toContain("TICKET-1 todo [other] other work");
    expect(one).toContain("[ann] hurry up");
    expect(none).toContain("no ticket TICKET-9");
  });
});
