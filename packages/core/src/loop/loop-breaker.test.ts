import { describe, expect, it } from "vitest";
import { TicketSystem } from "../system/ticket-system.ts";
import { calls, says, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { defineTool } from "../tool/define-tool.ts";
import { writeHandover } from "../tool/write-handover.ts";

let ticks = 0;
const anything = { type: "object", properties: {} } as const;
const same = defineTool({
  name: "same",
  description: "Same.",
  input: anything,
  readOnly: true,
  run: () => "same",
});
const fresh = defineTool({
  name: "fresh",
  description: "Fresh.",
  input: anything,
  readOnly: true,
  run: () => `${++ticks}`,
});

async function work(script: Parameters<typeof scriptedProvider>[0], policy: object) {
  const provider = scriptedProvider(script);
  const tickets = new TicketSystem({ policy });
  tickets.agent({ model: provider.model, role: "You work.", tools: [same, fresh, writeHandover()] });
  const handle = await tickets.task("work");
  const results = await tickets.runDry();
  return { provider, tickets, handle, results };
}

describe("an agent that goes round in circles", () => {
  it("is told halfway, and fails by name when it goes on", async () => {
    const { provider, handle } = await work(() => calls(["same", {}]), { maxRepeatedCalls: 4 });

    expect((await handle.get()).failure?.reason).toBe("loop_detected");
    expect(provider.requests).toHaveLength(4);
    expect(JSON.stringify(provider.requests[1]?.messages)).not.toContain("in a row");
    expect(JSON.stringify(provider.requests[2]?.messages.at(-1))).toContain("2 times in a row");
  });

  it("is not told after a single call where two are too many", async () => {
    const { provider, handle } = await work(() => calls(["same", {}]), { maxRepeatedCalls: 2 });

    expect((await handle.get()).failure?.reason).toBe("loop_detected");
    expect(JSON.stringify(provider.requests)).not.toContain("in a row");
  });

  it("goes on when it does something else", async () => {
    const { handle } = await work(
      [
        calls(["same", {}]),
        calls(["same", {}]),
        calls(["fresh", {}]),
        calls(["same", {}]),
        calls(["same", {}]),
        writesResult("x"),
      ],
      { maxRepeatedCalls: 3 },
    );
    expect(await handle.result()).toBe("x");
  });

  it("may ask again for what changes", async () => {
    const script = Array.from({ length: 6 }, () => calls(["fresh", {}]));
    const { handle } = await work([...script, writesResult("x")], { maxRepeatedCalls: 3 });

    expect(await handle.result()).toBe("x");
  });
});

describe("a chain of handovers", () => {
  it("that comes back to the same ticket fails by name", async () => {
    const { tickets, results } = await work(
      ({ messages }) =>
        calls([
          "write_handover",
          { result: 1, task: JSON.stringify(messages).includes("ping") ? "pong" : "ping" },
        ]),
      {},
    );

    expect(results.reason).toBe("drained");
    expect(results.failed[0]?.failure?.reason).toBe("handovers_circular");
    expect((await tickets.find()).length).toBeLessThan(5);
  });

  it("that gets too deep fails by name", async () => {
    let step = 0;
    const { tickets, results } = await work(
      () => calls(["write_handover", { result: 1, task: `step ${++step}` }]),
      {
        maxHandovers: 3,
      },
    );

    expect(results.failed[0]?.failure?.reason).toBe("handovers_too_deep");
    expect(await tickets.find()).toHaveLength(4);
  });
});

describe("an interactive agent", () => {
  it("holds one ticket over many turns, and hears a person in between", async () => {
    const provider = scriptedProvider([
      says("Hello! What shall I do?"),
      says("Done. Anything else?"),
      writesResult("bye"),
    ]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: provider.model, role: "You talk.", interactive: true });
    const chat = await tickets.task("Chat with Ann.");

    expect(await tickets.runDry()).toMatchObject({ reason: "stalled", unclaimed: [{ reason: "parked" }] });
    expect((await chat.get()).waiting).toEqual({ for: "reply", question: "Hello! What shall I do?" });
    await chat.reply("Paint it.", { author: "ann" });
    await tickets.runDry();
    await chat.reply("No, thanks.");
    await tickets.runDry();

    expect(await chat.result()).toBe("bye");
    expect(provider.requests[2]?.messages.map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "user",
      "assistant",
      "user",
    ]);
  });

  it("answers what a person wrote while it was still speaking", async () => {
    const provider = scriptedProvider([
      async () => {
        await chat.reply("Paint it.");
        return says("Hello! What shall I do?");
      },
      writesResult("painted"),
    ]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: provider.model, role: "You talk.", interactive: true });
    const chat = await tickets.task("Chat with Ann.");
    await tickets.runDry();

    expect(await chat.result()).toBe("painted");
    const messages = provider.requests[1]?.messages ?? [];
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(JSON.stringify(messages.at(-1))).toContain("Paint it.");
  });
});
