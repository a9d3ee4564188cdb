import { describe, expect, test } from "vitest";
import { askingAgent, echoAgent, payingAgent } from "../testing/agents.ts";
import { serveSystem } from "../testing/served-system.ts";
import type { TicketView } from "../tickets/ticket-view.ts";

interface Filed {
  readonly ticket: TicketView;
  readonly settled: boolean;
}
interface Waited {
  readonly tickets: readonly TicketView[];
  readonly settled: boolean;
}

describe.each(["legacy", "modern"] as const)("filing and steering, %s", (era) => {
  test("a ticket is filed, waited for and brings its result", async () => {
    await using system = await serveSystem({ agents: [echoAgent()] });
    const { call, text } = await system.connect({ era });

    const { ticket } = await call<Filed>("ticket_file", { task: "hello" });
    const waited = await call<Waited>("ticket_wait", { keys: [ticket.key] });

    expect(ticket).toMatchObject({ key: "TICKET-1", reporter: "all-ann" });
    expect(waited).toMatchObject({
      settled: true,
      tickets: [{ status: "done", result: "HELLO", agent: "echo" }],
    });
    expect(await text("ticket_get", { key: "TICKET-1" })).toBe("TICKET-1 is done. Result:\nHELLO");
  });

  test("wait_seconds brings the result at once, and progress meanwhile", async () => {
    await using system = await serveSystem({ agents: [echoAgent({ delayMs: 50 })] });
    const { client } = await system.connect({ era });
    const progress: number[] = [];

    const result = await client.callTool(
      { name: "ticket_file", arguments: { task: "hello", wait_seconds: 30 } },
      { onprogress: (told) => progress.push(told.progress) },
    );

    expect(result.structuredContent).toMatchObject({ settled: true, ticket: { result: "HELLO" } });
    expect(progress.length).toBeGreaterThan(0);
    expect(progress).toEqual([...progress].sort((left, right) => left - right));
  });

  test("an idempotency key answers with the same ticket, for the same principal and task only", async () => {
    await using system = await serveSystem();
    const ann = await system.connect({ era, name: "ann" });
    const bob = await system.connect({ era, name: "bob" });
    const input = { task: "once", idempotency_key: "k" };

    const first = await ann.call<Filed>("ticket_file", input);
    const again = await ann.call<Filed>("ticket_file", input);
    const other = await bob.call<Filed>("ticket_file", input);

    expect(again.ticket.key).toBe(first.ticket.key);
    expect(other.ticket.key).not.toBe(first.ticket.key);
    await expect(ann.call("ticket_file", { ...input, task: "twice" })).rejects.toThrow(
      "idempotency_key k was used for TICKET-1, which has another task; use a new one.",
    );
  });

  test("labels, schema, priority, blockers and parent arrive at the ticket", async () => {
    await using system = await serveSystem();
    const { call } = await system.connect({ era });
    await call("ticket_file", { task: "first" });
    const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };

    await call("ticket_file", {
      task: { path: "a.ts" },
      labels: ["scan"],
      schema,
      priority: 3,
      blocked_by: ["TICKET-1"],
      parent: "TICKET-1",
    });

    expect(await system.tickets.get("TICKET-2")).toMatchObject({
      task: { path: "a.ts" },
      labels: ["scan"],
      schema,
      priority: 3,
      blockedBy: ["TICKET-1"],
      parent: "TICKET-1",
    });
  });

  test("input that does not fit is a tool error that names the field", async () => {
    await using system = await serveSystem();
    const { call } = await system.connect({ era });

    await expect(call("ticket_file", { task: "" })).rejects.toThrow(/ticket_file does not fit:\n- task/);
    await expect(call("ticket_file", { task: "x", label: "y" })).rejects.toThrow(/label/);
    await expect(call("ticket_file", { task: "x", schema: { type: "nonsense" } })).rejects.toThrow(/schema/);
    await expect(call("ticket_wait", { keys: ["ticket 1"] })).rejects.toThrow("TICKET-12");
    await expect(call("ticket_wait", { keys: ["TICKET-9"] })).rejects.toThrow("There is no ticket TICKET-9.");
    expect(await system.tickets.find()).toEqual([]);
  });

  test("a wait whose time is up is a normal answer that says so", async () => {
    await using system = await serveSystem();
    const { call, text } = await system.connect({ era });
    await call("ticket_file", { task: "nobody works here" });

    const input = { keys: ["TICKET-1"], wait_seconds: 0.05 };
    for (const until of ["any", "all"])
      for (const wait_seconds of [0, 0.05])
        expect(await call("ticket_wait", { ...input, until, wait_seconds })).toMatchObject({
          settled: false,
          tickets: [{ status: "todo" }],
        });
    expect(await text("ticket_wait", input)).toContain("still open: TICKET-1");
    await expect(call("ticket_wait", { keys: ["TICKET-1"], wait_seconds: 46 })).rejects.toThrow(
      "wait_seconds",
    );
  });

  test("any ends with the first ticket, all with the last", async () => {
    await using system = await serveSystem({ agents: [echoAgent()] });
    const { call } = await system.connect({ era });
    await call("ticket_file", { task: "quick" });
    await call("ticket_file", { task: "never", labels: ["nobody"] });
    const keys = ["TICKET-1", "TICKET-2"];

    expect(await call("ticket_wait", { keys, until: "any" })).toMatchObject({ settled: true });
    expect(await call("ticket_wait", { keys, until: "all", wait_seconds: 0.05 })).toMatchObject({
      settled: false,
    });
  });

  test("a question ends the wait, and a reply lets the ticket go on", async () => {
    await using system = await serveSystem({ agents: [askingAgent()] });
    const { call, text } = await system.connect({ era });
    await call("ticket_file", { task: "paint", labels: ["ask"] });

    const asked = await call<Waited>("ticket_wait", { keys: ["TICKET-1"] });
    expect(asked).toMatchObject({
      settled: true,
      tickets: [{ status: "waiting", question: "Which colour?" }],
    });
    expect(await text("ticket_get", { key: "TICKET-1" })).toContain("TICKET-1 asks: Which colour?");
    await call("ticket_reply", { key: "TICKET-1", text: "blue" });

    expect(await call("ticket_wait", { keys: ["TICKET-1"] })).toMatchObject({
      tickets: [{ result: "blue" }],
    });
  });

  test("a call is approved as it is, with other arguments, or rejected; a wrong hash is refused", async () => {
    await using system = await serveSystem({ agents: [payingAgent()] });
    const { call } = await system.connect({ era });
    const keys = ["TICKET-1", "TICKET-2", "TICKET-3"];
    for (const task of ["a", "b", "c"]) await call("ticket_file", { task, labels: ["pay"] });
    const { tickets } = await call<Waited>("ticket_wait", { keys });
    const pending = tickets.map(({ key, calls }) => ({
      key,
      call_id: calls?.[0]?.call_id,
      hash: calls?.[0]?.hash,
    }));
    const [first, second, third] = pending;

    expect(tickets[0]?.calls).toMatchObject([{ tool: "pay", input: { amount: 5 } }]);
    await expect(call("ticket_approve", { ...first, hash: "0", decision: "approve" })).rejects.toThrow();
    await call("ticket_approve", { ...first, decision: "approve" });
    await call("ticket_approve", { ...second, decision: "approve", input: { amount: 7 } });
    await call("ticket_approve", { ...third, decision: "reject", reason: "too much" });
    const done = await call<Waited>("ticket_wait", { keys });

    expect(done.tickets.map(({ result }) => result)).toEqual([
      "paid 5",
      "paid 7",
      expect.stringContaining("too much"),
    ]);
  });

  test("a reply to a ticket that waits with a call says that it still does", async () => {
    await using system = await serveSystem({ agents: [payingAgent()] });
    const { call, text } = await system.connect({ era });
    await call("ticket_file", { task: "a", labels: ["pay"] });
    await call("ticket_wait", { keys: ["TICKET-1"] });

    expect(await text("ticket_reply", { key: "TICKET-1", text: "Go on." })).toMatch(
      /^TICKET-1 wants to call:\n- pay .*\nA person decides; then ticket_approve\.$/,
    );
  });

  test("a ticket is cancelled once, and again without harm", async () => {
    await using system = await serveSystem();
    const { call } = await system.connect({ era });
    await call("ticket_file", { task: "no more" });

    expect(await call("ticket_cancel", { key: "TICKET-1" })).toEqual({
      key: "TICKET-1",
      status: "cancelled",
    });
    expect(await call("ticket_cancel", { key: "TICKET-1" })).toEqual({
      key: "TICKET-1",
      status: "cancelled",
    });
    await expect(call("ticket_reply", { key: "TICKET-1", text: "hello?" })).rejects.toThrow("TICKET-1");
  });
});
