import { describe, expect, it } from "vitest";
import { z } from "zod";
import { memoryStore } from "../store/memory/memory-store.ts";
import { TicketSystem } from "../system/ticket-system.ts";
import { calls, says, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { findOpenCalls } from "../ticket/close-open-calls.ts";
import { ticketKeyOf } from "../ticket/ticket-key.ts";
import { askHuman } from "../tool/ask-human.ts";
import { defineTool } from "../tool/define-tool.ts";
import { finishTicket, giveUpTicket } from "../tool/tool-result.ts";
import { writeHandover } from "../tool/write-handover.ts";

const anything = { type: "object", properties: {} } as const;

describe("an unexpected error", () => {
  it("of a schema is told to the model like any other refusal", async () => {
    const broken = defineTool({
      name: "broken",
      description: "Has a schema that throws.",
      input: z.object({}).refine(() => {
        throw new Error("refinement broke");
      }),
      run: () => "never",
    });
    const script = scriptedProvider([calls(["broken", {}]), writesResult("done without")]);
    await using tickets = new TicketSystem({
      agents: [{ model: script.model, role: "You work.", tools: [broken] }],
    });
    const handle = await tickets.task("work");
    await tickets.runDry();

    expect(JSON.stringify(script.requests[1]?.messages.at(-1))).toContain("refinement broke");
    expect(await handle.result()).toBe("done without");
  });

  it("of a tool's output, or of a query that is no promise, is told to the model", async () => {
    const big = defineTool({ name: "big", description: "Big.", input: anything, run: () => 10n as never });
    const lazy = defineTool({
      name: "lazy",
      description: "A lazy query.",
      input: anything,
      run: () =>
        ({
          // biome-ignore lint/suspicious/noThenProperty: such objects exist, and are what this is about
          then: (_resolve: unknown, reject: (error: Error) => void) => reject(new Error("no table")),
        }) as never,
    });
    const script = scriptedProvider([calls(["big", {}], ["lazy", {}]), writesResult("done")]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: script.model, role: "You work.", tools: [big, lazy] });
    const handle = await tickets.task("work");
    await tickets.runDry();

    expect(await handle.result()).toBe("done");
    expect(JSON.stringify(script.requests[1]?.messages)).toContain("cannot be shown");
    expect(JSON.stringify(script.requests[1]?.messages)).toContain("no table");
  });

  it.each([
    ["no stop reason that there is", { content: [] }, "the stopReason undefined"],
    ["no content", { stopReason: "end_turn" }, "content that is no array"],
    ["nothing at all", undefined, "content that is no array"],
  ])("of a provider that answers with %s is told by its name, once", async (_name, response, given) => {
    let requests = 0;
    const provider = {
      name: "mine",
      async respond() {
        requests++;
        return response as never;
      },
    };
    await using tickets = new TicketSystem();
    tickets.agent({ model: { provider, name: "m", contextWindow: 10_000 }, role: "You work." });
    const handle = await tickets.task("work");
    await tickets.runDry();

    const { failure } = await handle.get();
    expect(failure).toMatchObject({
      reason: "request_failed",
      message: expect.stringContaining(`The provider mine answered with ${given}; its respond() has to give`),
    });
    expect(requests).toBe(1);
  });

  it("of a follow-up that no store would take is told to the model, which mends it", async () => {
    const handover = (labels: readonly string[]) =>
      calls(["write_handover", { result: "x", task: "next", labels }]);
    const script = scriptedProvider([handover([" "]), handover(["half\ud800"]), handover(["edit"])]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: script.model, role: "You work.", tools: [writeHandover()] });
    const handle = await tickets.task("work");
    await tickets.runDry();

    const told = script.requests.slice(1).map(({ messages }) => JSON.stringify(messages.at(-1)));
    expect(told[0]).toContain("a label is a text that is not blank");
    expect(told[1]).toContain("half of a surrogate pair");
    expect(await handle.result()).toBe("x");
    expect(await tickets.find("edit")).toMatchObject([{ task: "next" }]);
  });

  it("of a follow-up that the store refuses fails the ticket and not the run", async () => {
    const hand = defineTool({
      name: "hand",
      description: "Hands over to nobody.",
      input: anything,
      control: true,
      run: () =>
        finishTicket({ result: "x", message: "done", children: [{ task: "next", parent: ticketKeyOf(99) }] }),
    });
    const script = scriptedProvider([calls(["hand", {}])]);
    await using tickets = new TicketSystem({
      agents: [{ model: script.model, role: "You work.", tools: [hand] }],
    });
    const handle = await tickets.task("work");

    expect((await tickets.runDry()).reason).toBe("drained");
    expect(await handle.get()).toMatchObject({ status: "failed", failure: { reason: "internal_error" } });
    expect(findOpenCalls(await handle.replies())).toEqual([]);
    expect(await tickets.find()).toHaveLength(1);
  });
});

describe("a control tool", () => {
  it("can give up, which fails the ticket with its reason", async () => {
    const giveUp = defineTool({
      name: "give_up",
      description: "Gives up.",
      input: anything,
      control: true,
      run: () => giveUpTicket("no source"),
    });
    const script = scriptedProvider([calls(["give_up", {}])]);
    await using tickets = new TicketSystem({
      agents: [{ model: script.model, role: "You work.", tools: [giveUp] }],
    });
    const handle = await tickets.task("work");
    await tickets.runDry();

    expect((await handle.get()).failure).toEqual({ reason: "given_up", message: "no source" });
  });

  it("can park the ticket until a person replies; the slot is free meanwhile", async () => {
    const script = scriptedProvider([
      calls(["ask_human", { question: "Which colour?" }]),
      writesResult("other work"),
      writesResult("painted blue"),
    ]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: script.model, role: "You work.", tools: [askHuman()] });
    const handle = await tickets.task("paint");
    await tickets.task("other");

    const first = await tickets.runDry();
    expect(first).toMatchObject({
      reason: "stalled",
      unclaimed: [{ key: handle.key, reason: "parked", message: expect.stringContaining("Which colour?") }],
    });

    await tickets.reply(handle, "blue", { author: "ann" });
    expect((await tickets.runDry()).reason).toBe("drained");
    expect(await handle.result()).toBe("painted blue");
    expect(script.requests[2]?.messages.map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "tool",
      "user",
    ]);
    expect((await handle.get()).attempt).toBe(1);
  });
});

describe("a person's reply", () => {
  it("that came while the agent asked its question wakes the ticket, whatever else was written meanwhile", async () => {
    let reply = (): Promise<unknown> => Promise.resolve();
    const write = defineTool({
      name: "write",
      description: "Writes.",
      input: anything,
      run: () => "written",
    });
    const script = scriptedProvider([
      async () => {
        await reply();
        return calls(["write", {}], ["ask_human", { question: "Which colour?" }]);
      },
      writesResult("blue it is"),
    ]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: script.model, role: "You work.", tools: [write, askHuman()] });
    const handle = await tickets.task("paint");
    reply = () => handle.reply("blue");

    expect((await tickets.runDry()).reason).toBe("drained");
    expect(JSON.stringify(script.requests[1]?.messages)).toContain("blue");
    expect(await handle.result()).toBe("blue it is");
  });

  it("to a ticket that nobody has started stands behind the task", async () => {
    const script = scriptedProvider([writesResult("done")]);
    await using tickets = new TicketSystem({ agents: [{ model: script.model, role: "You work." }] });
    const handle = await tickets.task("paint the fence");
    await handle.reply("in blue");
    await tickets.runDry();

    const [first, second] = script.requests[0]?.messages ?? [];
    expect(JSON.stringify(first)).toContain("paint the fence");
    expect(JSON.stringify(second)).toContain("in blue");
  });

  it("to a ticket in work is heard in the next turn and grants new turns", async () => {
    let reply = (): Promise<unknown> => Promise.resolve();
    const script = scriptedProvider([
      async () => {
        await reply();
        return says("thinking");
      },
      writesResult("done"),
    ]);
    await using tickets = new TicketSystem({ policy: { maxTurns: 1 } });
    tickets.agent({ model: script.model, role: "You work." });
    const handle = await tickets.task("work");
    reply = () => handle.reply("make it short");
    await tickets.runDry();

    expect(JSON.stringify(script.requests[1]?.messages)).toContain("make it short");
    expect(await handle.result()).toBe("done");
  });
});

describe("the limits of a ticket", () => {
  it("reach the request, the agent's before the run's", async () => {
    const script = scriptedProvider(() => writesResult("x"), { maxOutputTokens: 4_000 });
    await using tickets = new TicketSystem({ policy: { maxRequestTokens: 3_000 } });
    tickets.agent({ name: "a", labels: ["a"], model: script.model, role: "You work." });
    tickets.agent({
      name: "b",
      labels: ["b"],
      model: script.model,
      role: "You work.",
      policy: { maxRequestTokens: 5_000 },
    });
    await tickets.tasks([
      { task: "1", labels: ["a"] },
      { task: "2", labels: ["b"], priority: -1 },
    ]);
    await tickets.runDry();

    expect(script.requests.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([3_000, 4_000]);
  });

  it("fail a ticket that takes too many turns", async () => {
    const script = scriptedProvider(() => says("hm"));
    await using tickets = new TicketSystem({ policy: { maxTurns: 3 } });
    tickets.agent({ model: script.model, role: "You work." });
    const handle = await tickets.task("work");
    await tickets.runDry();

    expect(script.requests).toHaveLength(3);
    expect((await handle.get()).failure?.reason).toBe("turns_exhausted");
  });

  it("start anew with a retry, also without a note and after crashes", async () => {
    const script = scriptedProvider([says("hm"), writesResult("better")]);
    const store = memoryStore();
    await using tickets = new TicketSystem({ store, policy: { maxTurns: 1, maxAttempts: 1 } });
    tickets.agent({ model: script.model, role: "You work." });
    const handle = await tickets.task("work");
    await store.claim({ worker: "crashes", wants: [{ agent: "agent", labels: [""], limit: 1 }], leaseMs: 1 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await tickets.runDry();
    expect((await handle.get()).failure?.reason).toBe("attempts_exhausted");

    await tickets.retry(handle);
    await tickets.runDry();
    expect((await handle.get()).failure?.reason).toBe("turns_exhausted");
    await tickets.retry(handle);
    await tickets.runDry();
    expect(await handle.result()).toBe("better");
  });

  it("let a failed ticket be retried with its conversation and a note", async () => {
    const script = scriptedProvider([says("hm"), writesResult("better")]);
    await using tickets = new TicketSystem({ policy: { maxTurns: 1 } });
    tickets.agent({ model: script.model, role: "You work." });
    const handle = await tickets.task("work");
    await tickets.runDry();
    await tickets.retry(handle, { note: "call write_result" });
    await tickets.runDry();

    expect(await handle.result()).toBe("better");
    expect(JSON.stringify(script.requests[1]?.messages)).toContain("call write_result");
    expect((await handle.get()).attempt).toBe(2);
  });
});
