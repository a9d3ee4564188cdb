import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { definePlugin } from "../plugin/plugin.ts";
import { recordEvents } from "../testing/event-recorder.ts";
import { calls, says, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { defineTool } from "../tool/define-tool.ts";
import { TicketSystem } from "./ticket-system.ts";

const look = defineTool({
  name: "look",
  description: "Looks.",
  input: { type: "object", properties: {} },
  readOnly: true,
  run: (_input, { report }) => {
    report("looking");
    return "seen";
  },
});

function system(options: { readonly dir?: string } = {}): TicketSystem {
  const script = scriptedProvider([calls(["look", {}]), says("hm"), writesResult("done")]);
  const tickets = new TicketSystem(options);
  tickets.agent({ model: script.model, role: "You work.", tools: [look] });
  return tickets;
}

describe("events", () => {
  it("tell the story of a ticket in order, each with its ticket, agent and labels", async () => {
    await using tickets = system();
    using events = recordEvents(tickets);
    const { key } = await tickets.task("work");
    await tickets.runDry();

    const stored = events.events.filter(
      ({ type }) => !type.endsWith("_received") && type !== "tool_progress_reported",
    );
    expect(stored.map(({ type }) => type)).toEqual([
      "ticket_created",
      "run_started",
      "ticket_started",
      ...["turn_started", "request_started", "request_finished", "tool_call_started", "tool_call_finished"],
      ...["turn_started", "request_started", "request_finished", "schema_retried"],
      ...["turn_started", "request_started", "request_finished", "tool_call_started", "tool_call_finished"],
      "ticket_done",
      "run_finished",
    ]);
    const ids = stored.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((left, right) => left - right));
    for (const event of stored.slice(2, -1)) expect(event).toMatchObject({ ticket: key, agent: "agent" });
    expect(events.of("tool_progress_reported")).toMatchObject([{ message: "looking", tool: "look" }]);
  });

  it("come after the commit that they describe", async () => {
    await using tickets = system();
    const statuses: Promise<string | undefined>[] = [];
    tickets.on("ticket_done", ({ ticket }) => {
      if (ticket !== undefined) statuses.push(tickets.get(ticket).then((found) => found?.status));
    });
    await tickets.task("work");
    await tickets.runDry();

    expect(await Promise.all(statuses)).toEqual(["done"]);
  });

  it("outlive the process in the store's log, the transient ones excepted", async () => {
    const dir = await mkdtemp(join(tmpdir(), "agentwerk-events-"));
    const first = system({ dir });
    using live = recordEvents(first);
    await first.task("work");
    await first.runDry();
    await first.close();
    const kept = live.events.filter(
      ({ type }) => !type.endsWith("_received") && type !== "tool_progress_reported",
    );

    await using second = new TicketSystem({ dir });
    expect(await second.eventLog()).toEqual(kept);
    expect(await second.eventLog({ types: ["ticket_done"] })).toHaveLength(1);
  });

  it("whose handler throws, at once or later, are reported and harm nobody", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    await using tickets = system();
    tickets.on("ticket_started", () => {
      throw new Error("handler broke");
    });
    tickets.on("ticket_done", async () => {
      throw new Error("handler broke later");
    });
    await tickets.task("work");

    expect((await tickets.runDry()).reason).toBe("drained");
    await new Promise((resolve) => setImmediate(resolve));
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      "A handler of ticket_started failed: handler broke",
      "A handler of ticket_done failed: handler broke later",
    ]);
    warn.mockRestore();
  });

  it("stream text only when somebody listens", async () => {
    await using silent = system();
    await silent.task("work");
    await silent.runDry();

    await using heard = system();
    const texts: string[] = [];
    const off = heard.on("text_chunk_received", ({ text }) => texts.push(text));
    await heard.task("work");
    await heard.runDry();
    off();
    expect(texts).toEqual(["hm"]);
  });

  it("reach the handlers of plugins, whose tools every agent has, and plugins are opened and closed once", async () => {
    const log: string[] = [];
    const plugin = definePlugin({
      name: "test-plugin",
      tools: [look],
      on: { ticket_done: () => void log.push("done") },
      open: async () => void log.push("open"),
      close: async () => void log.push("close"),
    });
    const script = scriptedProvider([calls(["look", {}]), writesResult("done")]);
    const tickets = new TicketSystem({ plugins: [plugin] });
    tickets.agent({ model: script.model, role: "You work." });
    await tickets.task("work");
    await tickets.runDry();
    await tickets.runDry();
    await tickets.close();

    expect(log).toEqual(["open", "done", "close"]);
    script.assertFinished();
  });
});

describe("a directory", () => {
  it("holds readable logs of what was filed and what came of it", async () => {
    const dir = await mkdtemp(join(tmpdir(), "agentwerk-logs-"));
    const tickets = system({ dir });
    await tickets.task("work");
    await tickets.runDry();
    await tickets.close();

    const lines = async (file: string) =>
      (await readFile(join(dir, file), "utf8"))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown);
    expect(await lines("tickets.jsonl")).toMatchObject([{ key: "TICKET-1", task: "work" }]);
    expect(await lines("results.jsonl")).toMatchObject([{ key: "TICKET-1", status: "done", result: "done" }]);
  });
});

describe("stats", () => {
  it("sum up all tickets, and those of a label", async () => {
    const script = scriptedProvider(() => ({
      ...writesResult("x"),
      usage: { inputTokens: 10, outputTokens: 5 },
    }));
    await using tickets = new TicketSystem();
    tickets.agent({ labels: ["a", "b"], model: script.model, role: "You work." });
    await tickets.tasks([
      { task: "1", labels: ["a"] },
      { task: "2", labels: ["a", "b"] },
      { task: "3", labels: ["c"] },
    ]);
    await tickets.runDry();

    expect(await tickets.stats()).toMatchObject({
      created: 3,
      done: 2,
      successRate: 1,
      steps: 2,
      requests: 2,
      toolCalls: 2,
      inputTokens: 20,
      outputTokens: 10,
    });
    expect(await tickets.statsForLabel("b")).toMatchObject({ created: 1, done: 1, inputTokens: 10 });
    expect(await tickets.statsForLabel("c")).toMatchObject({ created: 1, done: 0 });
    expect(await tickets.statsForLabel("none")).toBeUndefined();
  });
});
