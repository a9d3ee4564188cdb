import { describe, expect, it } from "vitest";
import { z } from "zod";
import { calls, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { findOpenCalls } from "../ticket/close-open-calls.ts";
import { manageTickets } from "../tool/manage-tickets.ts";
import { writeHandover } from "../tool/write-handover.ts";
import { TicketSystem } from "./ticket-system.ts";

const Finding = z.object({ file: z.string(), line: z.number().int() });
const Report = z.object({ summary: z.string().min(3) });

describe("the contract of a label", () => {
  it("checks what people file, and gives it the result schema", async () => {
    await using tickets = new TicketSystem();
    const report = tickets.contract("report", { input: Finding, result: Report });

    await expect(tickets.task("no JSON", { labels: ["report"] })).rejects.toMatchObject({
      code: "invalid_input",
      field: "task",
      message: expect.stringContaining("the label report"),
    });
    expect(await tickets.find()).toEqual([]);
    const handle = await report.task({ file: "a.ts", line: 3 });
    expect((await handle.get()).schema).toMatchObject({ properties: { summary: { type: "string" } } });
    expect((await handle.get()).labels).toEqual(["report"]);
  });

  it("refuses another result schema, an edit into it, and a second contract", async () => {
    await using tickets = new TicketSystem();
    tickets.contract("report", { input: Finding, result: Report });
    const task = { file: "a.ts", line: 3 };

    await expect(tickets.task(task, { labels: ["report"], schema: Finding })).rejects.toMatchObject({
      field: "schema",
    });
    const other = await tickets.task("text", { labels: ["other"] });
    await expect(tickets.edit(other, { labels: ["report"] })).rejects.toMatchObject({ field: "task" });
    expect(() => tickets.contract("report", {})).toThrow(/has a contract already/);
  });

  it("sends a handover back until it fits, and checks the follow-up's result by the user's own schema", async () => {
    const handover = (file: unknown) =>
      calls(["write_handover", { result: "scanned", task: JSON.stringify(file), labels: ["note"] }]);
    const scanner = scriptedProvider([handover("x"), handover("long enough")]);
    const writer = scriptedProvider([
      writesResult({ summary: "no" }),
      writesResult({ summary: "yes, it is" }),
    ]);
    await using tickets = new TicketSystem();
    tickets.contract("note", { input: z.string().min(8), result: Report });
    tickets.agent({ name: "scanner", model: scanner.model, role: "You scan.", tools: [writeHandover()] });
    tickets.agent({ name: "writer", labels: ["note"], model: writer.model, role: "You write." });
    await tickets.task("scan");
    await tickets.runDry();

    scanner.assertFinished();
    writer.assertFinished();
    expect(JSON.stringify(scanner.requests[1]?.messages.at(-1))).toContain("the label note");
    expect(await tickets.find({ labels: ["note"] })).toMatchObject([
      { status: "done", result: { summary: "yes, it is" } },
    ]);
  });

  it("takes an object that an agent hands over, files or edits as JSON, and keeps it as one", async () => {
    const task = { file: "a.ts", line: 3 };
    const scanner = scriptedProvider([
      calls(["manage_tickets", { action: "create", task: JSON.stringify(task), labels: ["note"] }]),
      calls([
        "write_handover",
        {
          result: 'it is "here"',
          task: '{"file": "{parent_key}: {parent_result}", "line": 4}',
          labels: ["note"],
        },
      ]),
    ]);
    await using tickets = new TicketSystem();
    tickets.contract("note", { input: Finding });
    tickets.agent({
      model: scanner.model,
      role: "You scan.",
      tools: [manageTickets(), writeHandover()],
    });
    await tickets.task("scan");
    expect(await tickets.runDry({})).toMatchObject({ failed: [] });

    scanner.assertFinished();
    const noted = await tickets.find({ labels: ["note"] });
    expect(noted.map((ticket) => ticket.task)).toEqual([task, { file: 'TICKET-1: it is "here"', line: 4 }]);
    const [first] = noted;
    if (first === undefined) throw new Error("Nothing was filed.");
    await tickets.edit(first.key, { task: '{"file":"b.ts","line":5}' });
    expect(await tickets.get(first.key)).toMatchObject({ task: { file: "b.ts", line: 5 } });
  });

  it("says of a text that is no JSON that it has to be", async () => {
    await using tickets = new TicketSystem();
    tickets.contract("note", { input: Finding });
    const filing = tickets.task("look at a.ts", { labels: ["note"] });

    await expect(filing).rejects.toThrow(
      /expected object, received string.*\nIt is taken as text; as JSON it/s,
    );
  });

  it("leaves a text that its contract takes as it is, also when it is JSON", async () => {
    await using tickets = new TicketSystem();
    tickets.contract("note", { input: z.string() });

    expect(await (await tickets.task("[1]", { labels: ["note"] })).get()).toMatchObject({ task: "[1]" });
  });

  it("checks what agents file with manage_tickets", async () => {
    const boss = scriptedProvider([
      calls(["manage_tickets", { action: "create", task: "short", labels: ["note"] }]),
      writesResult("done"),
    ]);
    await using tickets = new TicketSystem();
    tickets.contract("note", { input: z.string().min(8) });
    tickets.agent({ model: boss.model, role: "You manage.", tools: [manageTickets()] });
    await tickets.task("manage");
    await tickets.runDry();

    expect(JSON.stringify(boss.requests[1]?.messages.at(-1))).toContain("does not fit the contract");
    expect(await tickets.find()).toHaveLength(1);
  });

  it("holds for tickets that are claimed and finished outside of a run", async () => {
    await using tickets = new TicketSystem();
    tickets.contract("report", { input: Finding, result: Report });
    const handle = await tickets.task({ file: "a.ts", line: 3 }, { labels: ["report"] });
    const wants = [{ agent: "ann", labels: ["report"], limit: 1 }];
    const [claim] = await tickets.store.claim({ worker: "ann", wants, leaseMs: 60_000 });
    if (claim === undefined) throw new Error("nothing was claimed");
    const { lease } = claim;

    await expect(tickets.finish(lease, { result: { summary: "x" } })).rejects.toMatchObject({
      code: "invalid_input",
      field: "result",
    });
    const result = { summary: "all is well" };
    const wrong = [{ task: "no JSON", labels: ["report"] }];
    await expect(tickets.finish(lease, { result, followUps: wrong })).rejects.toMatchObject({
      field: "task",
    });
    expect((await handle.get()).status).toBe("in_progress");
    const followUps = [{ task: { file: "b.ts", line: 1 }, labels: ["report"] }];
    const { children } = await tickets.finish(lease, { result, followUps });
    expect(children).toMatchObject([{ parent: handle.key, schema: { type: "object" } }]);
    expect(await handle.result()).toEqual(result);
    await expect(tickets.finish(lease, { failure: "too late" })).rejects.toMatchObject({
      code: "lease_lost",
    });
  });

  it("leaves no call of the conversation without a result when a ticket is finished outside of a run", async () => {
    await using tickets = new TicketSystem();
    const handle = await tickets.task("work");
    const wants = [{ agent: "ann", labels: [""], limit: 1 }];
    const claim = { worker: "ann", wants, leaseMs: 60_000 };
    const [first] = await tickets.store.claim(claim);
    if (first === undefined) throw new Error("nothing was claimed");
    const call = { type: "tool_call" as const, id: "c1", name: "pay", input: {} };
    const answer = { message: { role: "assistant" as const, content: [call] }, purpose: "answer" as const };
    await tickets.store.commit(first.lease, { replies: [answer] });

    await tickets.finish(first.lease, { failure: "done by hand" });
    expect(findOpenCalls(await handle.replies())).toEqual([]);
  });
});
