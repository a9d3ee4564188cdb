import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Agent } from "../system/agent.ts";
import { TicketSystem } from "../system/ticket-system.ts";
import { recordEvents } from "../testing/event-recorder.ts";
import { calls, type ScriptStep, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { defineTool } from "../tool/define-tool.ts";
import type { Tool } from "../tool/tool.ts";
import { toolError } from "../tool/tool-result.ts";

const anything = { type: "object", properties: {} } as const;

function toolMessages(request: { messages: readonly { role: string }[] } | undefined): string {
  return JSON.stringify(request?.messages.filter(({ role }) => role === "tool"));
}

async function run(script: readonly ScriptStep[], tools: readonly Tool[]) {
  const provider = scriptedProvider(script);
  const agent = new Agent({ model: provider.model, role: "You work.", tools });
  const result = await agent.run("work");
  provider.assertFinished();
  return { result, requests: provider.requests };
}

describe("the calls of a turn", () => {
  it("run concurrently when they only read, and one after the other when they write", async () => {
    const order: string[] = [];
    const tool = (name: string, readOnly: boolean): Tool =>
      defineTool({
        name,
        description: name,
        input: anything,
        readOnly,
        async run() {
          order.push(`${name}+`);
          await delay(5);
          order.push(`${name}-`);
          return name;
        },
      });
    const tools = [
      tool("read_a", true),
      tool("read_b", true),
      tool("write_a", false),
      tool("write_b", false),
    ];
    await run(
      [calls(["read_a", {}], ["read_b", {}], ["write_a", {}], ["write_b", {}]), writesResult("x")],
      tools,
    );

    expect(order.slice(0, 2)).toEqual(["read_a+", "read_b+"]);
    expect(order.slice(4)).toEqual(["write_a+", "write_a-", "write_b+", "write_b-"]);
  });

  it("each get exactly one result, whatever happens to them", async () => {
    const ok = defineTool({ name: "ok", description: "ok", input: anything, run: () => "fine" });
    const throws = defineTool({
      name: "throws",
      description: "throws",
      input: anything,
      run: () => {
        throw new Error("disk on fire");
      },
    });
    const fails = defineTool({
      name: "fails",
      description: "fails",
      input: anything,
      run: () => toolError("no such file"),
    });
    const { requests } = await run(
      [calls(["ok", {}], ["throws", {}], ["fails", {}], ["unknown", {}]), writesResult("x")],
      [ok, throws, fails],
    );

    const [first, second] = requests;
    expect(first?.messages).toHaveLength(1);
    const answered = second?.messages.flatMap((message) =>
      message.role === "tool" ? message.content.map(({ callId }) => callId) : [],
    );
    expect([...(answered ?? [])].sort()).toEqual(["call_1", "call_2", "call_3", "call_4"]);
    expect(toolMessages(second)).toContain("disk on fire");
    expect(toolMessages(second)).toContain("no such file");
    expect(toolMessages(second)).toContain("The tools are: write_result, ok, throws, fails");
  });

  it("are not run when their arguments do not fit, and the model is told where", async () => {
    let ran = false;
    const tool = defineTool({
      name: "count",
      description: "Counts.",
      input: { type: "object", properties: { to: { type: "integer" } }, required: ["to"] },
      run: () => {
        ran = true;
        return "1";
      },
    });
    const { requests } = await run([calls(["count", { to: "many" }]), writesResult("x")], [tool]);

    expect(ran).toBe(false);
    expect(toolMessages(requests[1])).toContain("to:");
  });

  it("are told when their arguments were not JSON", async () => {
    const tool = defineTool({ name: "count", description: "Counts.", input: anything, run: () => "1" });
    const { requests } = await run(
      [
        { content: [{ type: "tool_call", id: "a", name: "count", input: {}, malformedInput: '{"to": 3' }] },
        writesResult("x"),
      ],
      [tool],
    );
    expect(toolMessages(requests[1])).toContain('{\\"to\\": 3');
  });

  it("are repaired where that is harmless, and an event says so", async () => {
    const inputs: unknown[] = [];
    const tool = defineTool({
      name: "count",
      description: "Counts.",
      input: {
        type: "object",
        properties: {
          to: { type: "integer" },
          options: { type: "object", properties: { loud: { type: "boolean" } } },
        },
        required: ["to"],
      },
      run: (input) => {
        inputs.push(input);
        return "1";
      },
    });
    const script = scriptedProvider([
      calls(["count", { to: "3", options: '{"loud":"true"}' }]),
      writesResult("x"),
    ]);
    await using tickets = new TicketSystem();
    using events = recordEvents(tickets);
    tickets.agent({ model: script.model, role: "You work.", tools: [tool] });
    await tickets.task("work");
    await tickets.runDry();

    expect(inputs).toEqual([{ to: 3, options: { loud: true } }]);
    expect(events.of("response_repaired")[0]?.repairs).toHaveLength(3);
  });

  it("are stopped when their time is up, and the run goes on", async () => {
    let reason: unknown;
    const tool = defineTool({
      name: "slow",
      description: "Slow.",
      input: anything,
      timeout: "20ms",
      run: (_input, { signal }) =>
        new Promise<string>(() => signal.addEventListener("abort", () => (reason = signal.reason))),
    });
    const { result, requests } = await run([calls(["slow", {}]), writesResult("x")], [tool]);

    expect(result).toBe("x");
    expect(reason).toMatchObject({ name: "TimeoutError" });
    expect(toolMessages(requests[1])).toContain("stopped after 20 ms");
  });

  it("run before a finishing call of the same turn, and those after the first finishing call do not run", async () => {
    const order: string[] = [];
    const note = defineTool({
      name: "note",
      description: "Notes.",
      input: anything,
      run: () => void order.push("note"),
    });
    const provider = scriptedProvider([
      calls(["write_result", { result: "first" }], ["note", {}], ["write_result", { result: "second" }]),
    ]);
    await using tickets = new TicketSystem();
    tickets.agent({ model: provider.model, role: "You work.", tools: [note] });
    const handle = await tickets.task("work");
    await tickets.runDry();

    expect(order).toEqual(["note"]);
    expect(await handle.result()).toBe("first");
    expect(JSON.stringify(await handle.replies())).toContain("already decided");
  });

  it("cut long output in the conversation and keep it whole on disk", async () => {
    const { readFile } = await import("node:fs/promises");
    const long = `${"x".repeat(40_000)}END`;
    const tool = defineTool({
      name: "dump",
      description: "Dumps.",
      input: anything,
      readOnly: true,
      run: () => long,
    });
    let kept = "";
    const { requests } = await run(
      [
        calls(["dump", {}]),
        async (request) => {
          const path = /whole output is in (\S+);/.exec(JSON.stringify(request.messages))?.[1] ?? "";
          kept = await readFile(path, "utf8");
          return writesResult("x");
        },
      ],
      [tool],
    );
    expect(kept).toBe(long);
    expect(JSON.stringify(requests[1]?.messages).length).toBeLessThan(35_000);
    expect(JSON.stringify(requests[1]?.messages)).toContain("END");
  });
});

describe("deferred tools", () => {
  it("stay out of the list, are found by tool_search and called through tool_call", async () => {
    const secret = defineTool({
      name: "weather_forecast",
      description: "Tells the weather of a city.",
      input: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      deferred: true,
      readOnly: true,
      run: (input) => `Sunny in ${(input as { city: string }).city}`,
    });
    const { requests } = await run(
      [
        calls(["tool_search", { query: "weather" }]),
        calls(["tool_call", { name: "weather_forecast", input: { city: "Ulm" } }]),
        writesResult("sunny"),
      ],
      [secret],
    );
    expect(requests[0]?.tools.map(({ name }) => name)).toEqual(["write_result", "tool_search", "tool_call"]);
    expect(toolMessages(requests[1])).toContain("weather_forecast");
    expect(toolMessages(requests[2])).toContain("Sunny in Ulm");
    expect(requests[2]?.tools).toBe(requests[0]?.tools);
  });
});
