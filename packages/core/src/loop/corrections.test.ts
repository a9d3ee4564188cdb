import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Agent } from "../system/agent.ts";
import { TicketSystem } from "../system/ticket-system.ts";
import { recordEvents } from "../testing/event-recorder.ts";
import {
  calls,
  type ScriptStep,
  says,
  scriptedProvider,
  writesResult,
} from "../testing/scripted-provider.ts";
import { findOpenCalls } from "../ticket/close-open-calls.ts";

const Point = z.object({ x: z.number().int(), label: z.string().default("none") });

function lastMessage(request: { readonly messages: readonly unknown[] } | undefined): string {
  return JSON.stringify(request?.messages.at(-1));
}

async function work(script: readonly ScriptStep[], options: { readonly maxSchemaRetries?: number } = {}) {
  const provider = scriptedProvider(script);
  const tickets = new TicketSystem({ policy: options });
  const events = recordEvents(tickets);
  tickets.agent({ model: provider.model, role: "You work." });
  const handle = await tickets.task("work", { schema: Point });
  await tickets.runDry();
  provider.assertFinished();
  events[Symbol.dispose]();
  const replies = await handle.replies();
  expect(findOpenCalls(replies)).toEqual([]);
  return { handle, requests: provider.requests, events, ticket: await handle.get() };
}

describe("a turn that does not finish the ticket", () => {
  it("gets a directive and counts as a schema retry", async () => {
    const { requests, events, handle } = await work([says("I am done!"), writesResult({ x: 1 })]);

    expect(lastMessage(requests[1])).toContain("call write_result");
    expect(events.of("schema_retried")).toMatchObject([{ retry: 1 }]);
    expect(await handle.result()).toEqual({ x: 1, label: "none" });
  });

  it("is told when it was cut at the token limit, also in the middle of a call", async () => {
    const cut = { ...calls(["write_result", { x: 1 }]), stopReason: "max_output_tokens" } as const;
    const { requests, ticket } = await work([cut, writesResult({ x: 2 })]);

    expect(JSON.stringify(requests[1]?.messages)).toContain("Not run: your reply was cut off");
    expect(lastMessage(requests[1])).toContain("cut off at the limit");
    expect(ticket.result).toEqual({ x: 2 });
  });

  it("is told when it was empty, and no empty message is sent back", async () => {
    const { requests } = await work([{ content: [] }, writesResult({ x: 1 })]);

    expect(lastMessage(requests[1])).toContain("Your reply was empty");
    expect(requests[1]?.messages.every(({ content }) => content.length > 0)).toBe(true);
  });

  it("that the vendor paused is simply continued", async () => {
    const { requests, events } = await work([{ ...says("hm"), stopReason: "pause" }, writesResult({ x: 1 })]);

    expect(requests[1]?.messages.at(-1)?.role).toBe("assistant");
    expect(events.of("schema_retried")).toEqual([]);
  });

  it("that refuses fails the ticket", async () => {
    const { ticket } = await work([{ ...says("I will not."), stopReason: "refusal" }]);

    expect(ticket).toMatchObject({
      status: "failed",
      failure: { reason: "refused", message: expect.stringContaining("I will not.") },
    });
  });
});

describe("a result", () => {
  it("that does not fit the schema comes back with what to mend", async () => {
    const { requests, handle, ticket } = await work([
      writesResult({ x: 1.5 }),
      writesResult({ x: 2, label: "b" }),
    ]);

    expect(lastMessage(requests[1])).toContain("The result was not accepted");
    expect(lastMessage(requests[1])).toContain("x:");
    expect(await handle.result()).toEqual({ x: 2, label: "b" });
    expect(ticket.work.turns).toBe(2);
  });

  it("that never fits fails the ticket once the retries are used up", async () => {
    const { ticket, requests } = await work([says("a"), says("b"), says("c")], { maxSchemaRetries: 2 });

    expect(requests).toHaveLength(3);
    expect(ticket).toMatchObject({ status: "failed", failure: { reason: "schema_retries_exhausted" } });
  });

  it("is checked by the user's own schema, beyond what JSON Schema can say", async () => {
    const Even = z.object({ n: z.number().refine((n) => n % 2 === 0, "has to be even") });
    const provider = scriptedProvider([writesResult({ n: 3 }), writesResult({ n: 4 })]);
    const agent = new Agent({ model: provider.model, role: "You work." });

    expect(await agent.run("an even number", { schema: Even })).toEqual({ n: 4 });
    expect(lastMessage(provider.requests[1])).toContain("has to be even");
  });

  it("shows its schema to the model as the arguments of write_result", async () => {
    const { requests } = await work([writesResult({ x: 1 })]);

    const tool = requests[0]?.tools.find(({ name }) => name === "write_result");
    expect(tool?.inputSchema).toMatchObject({
      type: "object",
      properties: { x: { type: "integer" } },
      required: ["x"],
    });
  });

  it("of another form than an object stands under result, with references that hold", async () => {
    const provider = scriptedProvider([
      calls(["write_result", { result: [{ id: "a" }, { id: 5 }] }]),
      calls(["write_result", { result: [{ id: "a" }] }]),
    ]);
    const agent = new Agent({ model: provider.model, role: "You work." });
    const schema = {
      type: "array",
      items: { $ref: "#/$defs/item" },
      $defs: {
        item: {
          type: "object",
          properties: { id: { type: "string", maxLength: 1 } },
          required: ["id"],
          additionalProperties: false,
        },
      },
    } as const;

    expect(await agent.run("list", { schema })).toEqual([{ id: "a" }]);
    expect(provider.requests).toHaveLength(2);
  });

  it("may be recursive, in its own form and under result", async () => {
    interface Tree {
      readonly name: string;
      readonly children: readonly Tree[];
    }
    const Node: z.ZodType<Tree> = z.object({
      name: z.string(),
      get children() {
        return z.array(Node);
      },
    });
    const tree = { name: "a", children: [{ name: "b", children: [] }] };
    const provider = scriptedProvider([
      calls(["write_result", { result: [{ ...tree, children: [{ name: 7 }] }] }]),
      calls(["write_result", { result: [tree] }]),
      writesResult(tree),
    ]);
    const agent = new Agent({ model: provider.model, role: "You work." });

    expect(await agent.run("list", { schema: z.array(Node) })).toEqual([tree]);
    expect(await agent.run("tree", { schema: Node })).toEqual(tree);
    const list = { type: "array", items: { anyOf: [{ type: "string" }, { $ref: "#" }] } } as const;
    const nested = scriptedProvider([calls(["write_result", { result: ["a", ["b", []]] }])]);
    const second = new Agent({ model: nested.model, role: "You work." });
    expect(await second.run("nested", { schema: list })).toEqual(["a", ["b", []]]);
  });
});

describe("a bare agent", () => {
  it("answers with its text", async () => {
    const provider = scriptedProvider([says("42")]);
    const agent = Agent.bare({ model: provider.model, role: "You answer." });

    expect(await agent.run("?")).toBe("42");
    expect(provider.requests[0]?.tools).toEqual([]);
  });

  it("answers with JSON where a schema is asked for, and is corrected until it does", async () => {
    const provider = scriptedProvider([says("it is 3"), says('```json\n{"x": 3}\n```')]);
    const agent = Agent.bare({ model: provider.model, role: "You answer." });

    expect(await agent.run("?", { schema: Point })).toEqual({ x: 3, label: "none" });
    expect(lastMessage(provider.requests[1])).toContain("The answer is not JSON");
  });
});

describe("directives", () => {
  it("can be said in other words by an agent", async () => {
    const provider = scriptedProvider([says("hm"), writesResult("x")]);
    const agent = new Agent({
      model: provider.model,
      role: "You work.",
      directives: { finishMissing: "Bitte fertig werden." },
    });
    await agent.run("work");

    expect(lastMessage(provider.requests[1])).toContain("Bitte fertig werden.");
  });
});
