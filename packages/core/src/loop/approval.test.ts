import { describe, expect, it } from "vitest";
import type { TicketHandle } from "../system/ticket-handle.ts";
import { TicketSystem } from "../system/ticket-system.ts";
import { recordEvents } from "../testing/event-recorder.ts";
import { calls, type ScriptStep, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { findOpenCalls } from "../ticket/close-open-calls.ts";
import type { PendingCall } from "../ticket/ticket.ts";
import { defineTool, type ToolOptions } from "../tool/define-tool.ts";

const input = {
  type: "object",
  properties: { amount: { type: "integer" } },
  required: ["amount"],
  additionalProperties: false,
} as const;

function system(
  script: readonly ScriptStep[],
  approval: NonNullable<ToolOptions<typeof input>["approval"]> = "always",
) {
  const ran: string[] = [];
  const pay = defineTool({
    name: "pay",
    description: "Pays.",
    input,
    approval,
    run: (given) => {
      ran.push(`pay ${(given as { amount: number }).amount}`);
      return "paid";
    },
  });
  const note = defineTool({
    name: "note",
    description: "Notes.",
    input: { type: "object", properties: {} },
    run: () => void ran.push("note"),
  });
  const provider = scriptedProvider(script);
  const tickets = new TicketSystem();
  tickets.agent({ model: provider.model, role: "You pay.", tools: [pay, note] });
  return { tickets, provider, ran };
}

async function pendingOf(handle: TicketHandle): Promise<readonly PendingCall[]> {
  const { waiting } = await handle.get();
  return waiting?.for === "approval" ? waiting.calls : [];
}

describe("a tool that needs an approval", () => {
  it("parks the ticket with the exact call, and runs it once it is approved", async () => {
    const { tickets, provider, ran } = system([calls(["pay", { amount: 5 }]), writesResult("done")]);
    using events = recordEvents(tickets);
    const handle = await tickets.task("pay five");

    expect(await tickets.runDry()).toMatchObject({
      reason: "stalled",
      unclaimed: [{ reason: "parked", message: expect.stringContaining("pay") }],
    });
    expect(ran).toEqual([]);
    const [call] = await pendingOf(handle);
    expect(call).toMatchObject({ tool: "pay", input: { amount: 5 }, callId: `${handle.key}:1:0` });
    await tickets.approve(handle, call as PendingCall, { by: "ann" });
    await tickets.runDry();

    expect(ran).toEqual(["pay 5"]);
    expect(await handle.result()).toBe("done");
    expect(provider.requests[1]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect(events.of("approval_requested")).toMatchObject([{ tool: "pay", hash: call?.hash }]);
    expect(events.of("approval_resolved")).toMatchObject([{ approved: true, by: "ann" }]);
    expect((await handle.get()).decisions).toBeUndefined();
  });

  it("runs with other arguments when a person edits them", async () => {
    const { tickets, ran } = system([calls(["pay", { amount: 5 }]), writesResult("done")]);
    const handle = await tickets.task("pay");
    await tickets.runDry();
    const [call] = await pendingOf(handle);
    await tickets.approve(handle, call as PendingCall, { input: { amount: 3 } });
    await tickets.runDry();

    expect(ran).toEqual(["pay 3"]);
  });

  it("is answered with the reason when a person rejects it", async () => {
    const { tickets, provider, ran } = system([calls(["pay", { amount: 5 }]), writesResult("not paid")]);
    const handle = await tickets.task("pay");
    await tickets.runDry();
    const [call] = await pendingOf(handle);
    await tickets.reject(handle, call as PendingCall, { reason: "too much" });
    await tickets.runDry();

    expect(ran).toEqual([]);
    expect(JSON.stringify(provider.requests[1]?.messages.at(-1))).toContain("too much");
    expect(await handle.result()).toBe("not paid");
  });

  it("refuses a stale decision, a second one, and one on another call", async () => {
    const { tickets } = system([calls(["pay", { amount: 5 }], ["pay", { amount: 6 }]), writesResult("done")]);
    const handle = await tickets.task("pay");
    await tickets.runDry();
    const [first, second] = (await pendingOf(handle)) as [PendingCall, PendingCall];

    await expect(tickets.approve(handle, { callId: first.callId, hash: second.hash })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(tickets.approve(handle, { callId: "TICKET-9:1:0", hash: first.hash })).rejects.toMatchObject(
      { code: "conflict" },
    );
    await tickets.approve(handle, first);
    await expect(tickets.reject(handle, first)).rejects.toMatchObject({ code: "conflict" });
    expect((await handle.get()).status).toBe("waiting");
    await tickets.approve(handle, second);
    expect((await handle.get()).status).toBe("in_progress");
  });

  it("holds back what stands behind it, and runs what stands before it", async () => {
    const { tickets, ran } = system([
      calls(["note", {}], ["pay", { amount: 5 }], ["note", {}]),
      writesResult("done"),
    ]);
    const handle = await tickets.task("pay");
    await tickets.runDry();
    expect(ran).toEqual(["note"]);
    expect(findOpenCalls(await handle.replies())).toHaveLength(2);
    const [call] = await pendingOf(handle);
    await tickets.approve(handle, call as PendingCall);
    await tickets.runDry();

    expect(ran).toEqual(["note", "pay 5", "note"]);
    expect(findOpenCalls(await handle.replies())).toEqual([]);
  });

  it("can decide by its arguments", async () => {
    const { tickets, ran } = system(
      [calls(["pay", { amount: 5 }]), calls(["pay", { amount: 500 }])],
      (given) => (given as { amount: number }).amount > 100,
    );
    const handle = await tickets.task("pay");
    await tickets.runDry();

    expect(ran).toEqual(["pay 5"]);
    expect(await pendingOf(handle)).toMatchObject([{ input: { amount: 500 } }]);
  });

  it("that was approved does not run twice when its worker dies in the middle of it", async () => {
    const controller = new AbortController();
    const ran: string[] = [];
    const slow = defineTool({
      name: "pay",
      description: "Pays.",
      input,
      approval: "always",
      run: async (_input, { signal }) => {
        ran.push("pay");
        setTimeout(() => controller.abort(), 5);
        await new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(new Error("killed"))),
        );
      },
    });
    const provider = scriptedProvider([calls(["pay", { amount: 5 }]), writesResult("checked")]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: provider.model, role: "You pay.", tools: [slow] });
    const handle = await tickets.task("pay");
    await tickets.runDry();
    const [call] = await pendingOf(handle);
    await tickets.approve(handle, call as PendingCall);
    await tickets.runDry({ signal: controller.signal });
    await tickets.runDry();

    expect(ran).toEqual(["pay"]);
    expect(JSON.stringify(provider.requests[1]?.messages.at(-1))).toContain("effect is unknown");
  });
});
