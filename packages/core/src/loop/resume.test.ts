import { describe, expect, it } from "vitest";
import { policyDefaults } from "../policy/policy.ts";
import { directiveDefaults } from "../prompt/directive-defaults.ts";
import { textBlock } from "../provider/content.ts";
import { memoryStore } from "../store/memory/memory-store.ts";
import { TicketSystem } from "../system/ticket-system.ts";
import { scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import type { ReplyDraft } from "../ticket/reply.ts";
import { defineTool } from "../tool/define-tool.ts";
import type { Tool } from "../tool/tool.ts";
import { renderTemplate } from "../util/render-template.ts";

const prompt: ReplyDraft = { message: { role: "user", content: [textBlock("the task")] }, purpose: "prompt" };

function answer(...names: readonly string[]): ReplyDraft {
  const content = names.map((name, index) => ({
    type: "tool_call" as const,
    id: `c${index}`,
    name,
    input: {},
  }));
  return { message: { role: "assistant", content }, purpose: "answer" };
}

/** A store that a worker left in the middle of a turn: its conversation is written, its lease is let go. */
async function abandoned(replies: readonly ReplyDraft[]) {
  const store = memoryStore();
  const [ticket] = await store.insert([{ task: "the task" }]);
  const [claim] = await store.claim({
    worker: "gone",
    wants: [{ agent: "agent", labels: [""], limit: 1 }],
    leaseMs: 1,
  });
  if (ticket === undefined || claim === undefined) throw new Error("nothing was claimed");
  await store.commit(claim.lease, { replies });
  await store.release(claim.lease);
  return { store, key: ticket.key };
}

function tool(
  name: string,
  ran: string[],
  annotations: Partial<Pick<Tool, "readOnly" | "idempotent">>,
): Tool {
  return defineTool({
    name,
    description: name,
    input: { type: "object", properties: {} },
    ...annotations,
    run: (_input, { callId }) => void ran.push(`${name} ${callId}`),
  });
}

async function resume(replies: readonly ReplyDraft[], tools: (ran: string[]) => readonly Tool[]) {
  const { store, key } = await abandoned(replies);
  const ran: string[] = [];
  const script = scriptedProvider([writesResult("done")]);
  await using tickets = new TicketSystem({ store });
  tickets.agent({ model: script.model, role: "You work.", tools: tools(ran) });
  const results = await tickets.runDry();
  return { ran, key, results, request: script.requests[0], requests: script.requests };
}

describe("a ticket that another worker left in the middle of a turn", () => {
  it("goes on with the conversation: the paid answer is not bought again", async () => {
    const { request, requests, results } = await resume([prompt, answer("look")], (ran) => [
      tool("look", ran, { readOnly: true }),
    ]);

    expect(requests).toHaveLength(1);
    expect(request?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect(results.all).toEqual(["done"]);
  });

  it("runs read-only and idempotent calls again under the ids they had", async () => {
    const { ran, key } = await resume([prompt, answer("look", "put")], (ran) => [
      tool("look", ran, { readOnly: true }),
      tool("put", ran, { idempotent: true }),
    ]);

    expect(ran).toEqual([`look ${key}:1:0`, `put ${key}:1:1`]);
  });

  it("answers a call that may have had its effect as interrupted, and does not run it", async () => {
    const { ran, request } = await resume([prompt, answer("pay")], (ran) => [tool("pay", ran, {})]);

    expect(ran).toEqual([]);
    expect(JSON.stringify(request?.messages.at(-1))).toContain("effect is unknown");
  });

  it("is not misled by a finishing call that stands before it", async () => {
    const { ran, results } = await resume([prompt, answer("write_result", "pay")], (ran) => [
      tool("pay", ran, {}),
    ]);

    expect(ran).toEqual([]);
    expect(results.reason).toBe("drained");
  });

  it("does not invite a second call when its tool is gone", async () => {
    const { request } = await resume([prompt, answer("pay")], () => []);

    expect(JSON.stringify(request?.messages.at(-1))).toContain("effect is unknown");
  });

  it("runs a later call that cannot have begun", async () => {
    const { ran, key } = await resume([prompt, answer("pay", "mail")], (ran) => [
      tool("pay", ran, {}),
      tool("mail", ran, {}),
    ]);

    expect(ran).toEqual([`mail ${key}:1:1`]);
  });

  it("answers every call exactly once", async () => {
    const done: ReplyDraft = {
      message: {
        role: "tool",
        content: [{ type: "tool_result", callId: "c0", content: [textBlock("paid")] }],
      },
      purpose: "tool_results",
    };
    const { request } = await resume([prompt, answer("pay", "mail", "look"), done], (ran) => [
      tool("pay", ran, {}),
      tool("mail", ran, {}),
      tool("look", ran, { readOnly: true }),
    ]);
    const ids = request?.messages.flatMap((message) =>
      message.role === "tool" ? message.content.map(({ callId }) => callId) : [],
    );
    expect([...(ids ?? [])].sort()).toEqual(["c0", "c1", "c2"]);
  });

  it("puts what a person said meanwhile behind the results", async () => {
    const said: ReplyDraft = { message: { role: "user", content: [textBlock("hurry")] }, purpose: "comment" };
    const { request } = await resume([prompt, answer("look"), said], (ran) => [
      tool("look", ran, { readOnly: true }),
    ]);

    expect(request?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "user"]);
  });

  it("does not take calls that were cut short, again and again, for an agent that goes round in circles", async () => {
    const text = renderTemplate(directiveDefaults.callInterrupted, { tool: "pay" });
    const cut: ReplyDraft = {
      message: {
        role: "tool",
        content: [{ type: "tool_result", callId: "c0", content: [textBlock(text)], isError: true }],
      },
      purpose: "tool_results",
    };
    const crashes = Array.from({ length: policyDefaults.maxRepeatedCalls }, () => [answer("pay"), cut]);
    const { results, request } = await resume([prompt, ...crashes.flat(), answer("pay")], (ran) => [
      tool("pay", ran, {}),
    ]);

    expect(results.failed).toEqual([]);
    expect(results.all).toEqual(["done"]);
    expect(JSON.stringify(request?.messages)).not.toContain("in a row");
  });

  it("knows a call that was cut short also where it was made through tool_call", async () => {
    const text = renderTemplate(directiveDefaults.callInterrupted, { tool: "pay" });
    const call = {
      type: "tool_call",
      id: "c0",
      name: "tool_call",
      input: { name: "pay", input: {} },
    } as const;
    const turn: readonly ReplyDraft[] = [
      { message: { role: "assistant", content: [call] }, purpose: "answer" },
      {
        message: {
          role: "tool",
          content: [{ type: "tool_result", callId: "c0", content: [textBlock(text)], isError: true }],
        },
        purpose: "tool_results",
      },
    ];
    const turns = Array.from({ length: policyDefaults.maxRepeatedCalls }, () => turn).flat();
    const { results, request } = await resume([prompt, ...turns, ...turn.slice(0, 1)], (ran) => [
      { ...tool("pay", ran, {}), deferred: true },
    ]);

    expect(results.failed).toEqual([]);
    expect(results.all).toEqual(["done"]);
    expect(JSON.stringify(request?.messages)).not.toContain("in a row");
  });

  it("is told once that its agent goes round in circles, also when the worker vanished before the warning", async () => {
    const seen: ReplyDraft = {
      message: {
        role: "tool",
        content: [{ type: "tool_result", callId: "c0", content: [textBlock("seen")] }],
      },
      purpose: "tool_results",
    };
    const halfway = Array.from({ length: policyDefaults.maxRepeatedCalls / 2 }, () => [answer("look"), seen]);
    const { results, request } = await resume([prompt, ...halfway.flat(), answer("look")], (ran) => [
      { ...tool("look", ran, { readOnly: true }), run: () => "seen" },
    ]);

    expect(JSON.stringify(request?.messages).split("in a row")).toHaveLength(2);
    expect(results.all).toEqual(["done"]);
  });

  it("fails once it was started too often", async () => {
    const store = memoryStore();
    await store.insert([{ task: "crashes its worker" }]);
    for (let crash = 0; crash < 2; crash++) {
      await store.claim({
        worker: `w${crash}`,
        wants: [{ agent: "agent", labels: [""], limit: 1 }],
        leaseMs: 1,
      });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await using tickets = new TicketSystem({ store, policy: { maxAttempts: 2 } });
    tickets.agent({ model: scriptedProvider([]).model, role: "You work." });

    const { failed } = await tickets.runDry();
    expect(failed[0]?.failure?.reason).toBe("attempts_exhausted");
  });
});
