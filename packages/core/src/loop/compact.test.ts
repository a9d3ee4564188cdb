import { describe, expect, it } from "vitest";
import type { ModelRequest } from "../provider/provider.ts";
import { TicketSystem } from "../system/ticket-system.ts";
import { recordEvents } from "../testing/event-recorder.ts";
import {
  calls,
  fails,
  type ScriptStep,
  says,
  scriptedProvider,
  writesResult,
} from "../testing/scripted-provider.ts";
import { defineTool } from "../tool/define-tool.ts";

const read = defineTool({
  name: "read",
  description: "Reads a chapter.",
  input: { type: "object", properties: { chapter: { type: "integer" } }, required: ["chapter"] },
  readOnly: true,
  run: (input) => `chapter ${(input as { chapter: number }).chapter} `.repeat(80),
});

const isSummary = ({ tools, messages }: ModelRequest): boolean =>
  tools.length === 0 && JSON.stringify(messages).includes("Summarise the conversation above");

async function work(script: readonly ScriptStep[], options: { contextWindow: number; dir?: string }) {
  const provider = scriptedProvider(script, { contextWindow: options.contextWindow });
  const tickets = new TicketSystem({ policy: { maxRequestRetries: 1, requestRetryDelay: 1 } });
  const events = recordEvents(tickets);
  tickets.agent({ model: provider.model, role: "You read.", tools: [read], context: "" });
  const handle = await tickets.task("Read the book.");
  await tickets.runDry();
  events[Symbol.dispose]();
  return { provider, tickets, handle, events };
}

function pairsHold({ messages }: ModelRequest): boolean {
  let open: readonly string[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      const answered = message.content.map(({ callId }) => callId);
      if (answered.some((id) => !open.includes(id))) return false;
      open = open.filter((id) => !answered.includes(id));
      continue;
    }
    if (open.length > 0) return false;
    if (message.role === "assistant") {
      open = message.content.flatMap((block) => (block.type === "tool_call" ? [block.id] : []));
    }
  }
  return open.length === 0;
}

describe("a conversation that outgrows the context window", () => {
  const chapters = [1, 2, 3, 4, 5].map((chapter) => calls(["read", { chapter }]));

  it("is summarised before a request that would pass the threshold; calls and results stay together", async () => {
    let summaries = 0;
    const answers = [...chapters, writesResult("read")];
    const provider = scriptedProvider(
      (request) => {
        if (!isSummary(request)) return answers.shift() ?? writesResult("read");
        summaries++;
        return says("Chapters were read.");
      },
      { contextWindow: 1_200 },
    );
    await using tickets = new TicketSystem();
    using events = recordEvents(tickets);
    tickets.agent({ model: provider.model, role: "You read.", tools: [read], context: "" });
    const handle = await tickets.task("Read the book.");
    await tickets.runDry();

    expect(await handle.result()).toBe("read");
    expect(summaries).toBeGreaterThan(0);
    const shortened = events.of("compaction_finished");
    expect(shortened.length).toBe(summaries);
    for (const { before, after } of shortened) expect(after).toBeLessThan(before);
    expect(provider.requests.filter((request) => !pairsHold(request))).toEqual([]);
    const last = provider.requests.at(-1);
    expect(JSON.stringify(last?.messages[0])).toContain("Read the book.");
    expect(JSON.stringify(last?.messages[1])).toContain("Chapters were read.");
    const stored = await handle.replies();
    expect(stored.filter(({ purpose }) => purpose === "answer")).toHaveLength(6);
    expect(JSON.stringify(stored)).toContain("chapter 1 chapter 1");
  });

  it("is summarised when the vendor says that it does not fit, and the request goes out again", async () => {
    const { handle, provider, events } = await work(
      [
        ...chapters.slice(0, 3),
        fails("context_window_exceeded"),
        fails("overloaded"),
        (request) => {
          expect(isSummary(request)).toBe(true);
          return says("Three chapters were read.");
        },
        writesResult("read"),
      ],
      { contextWindow: 3_000 },
    );

    provider.assertFinished();
    expect(await handle.result()).toBe("read");
    expect(events.of("compaction_finished")).toHaveLength(1);
    expect((await handle.get()).work.requests).toBe(7);
  });

  it("fails the ticket by name when nothing older is left to summarise", async () => {
    const { handle, events } = await work([fails("context_window_exceeded")], { contextWindow: 2_000 });

    expect((await handle.get()).failure?.reason).toBe("context_window_exceeded");
    expect(events.of("compaction_failed")).toMatchObject([
      { message: expect.stringContaining("nothing older") },
    ]);
  });

  it("goes on from the summary when another worker takes over", async () => {
    const controller = new AbortController();
    const provider = scriptedProvider(
      [
        ...chapters.slice(0, 3),
        fails("context_window_exceeded"),
        says("Three chapters were read."),
        calls(["read", { chapter: 4 }]),
        () => {
          setTimeout(() => controller.abort(), 5);
          return { hangs: true };
        },
        writesResult("read"),
      ],
      { contextWindow: 3_000 },
    );
    await using tickets = new TicketSystem();
    tickets.agent({ model: provider.model, role: "You read.", tools: [read], context: "" });
    await tickets.task("Read the book.");
    await tickets.runDry({ signal: controller.signal });
    await tickets.runDry();
    provider.assertFinished();

    const [interrupted, resumed] = provider.requests.slice(-2);
    expect(JSON.stringify(resumed?.messages)).toBe(JSON.stringify(interrupted?.messages));
  });

  it("keeps its newest turn for the worker that takes over also when a person wrote while it was summarised", async () => {
    const controller = new AbortController();
    const said = Promise.withResolvers<void>();
    const provider = scriptedProvider(
      [
        ...chapters.slice(0, 3),
        fails("context_window_exceeded"),
        async () => {
          await handle.reply("Mind the footnotes.");
          said.resolve();
          return says("Three chapters were read.");
        },
        () => {
          setTimeout(() => controller.abort(), 50);
          return { hangs: true };
        },
        writesResult("read"),
      ],
      { contextWindow: 3_000 },
    );
    await using tickets = new TicketSystem();
    tickets.agent({ model: provider.model, role: "You read.", tools: [read], context: "" });
    const handle = await tickets.task("Read the book.");
    await tickets.runDry({ signal: controller.signal });
    await said.promise;
    await tickets.runDry();
    provider.assertFinished();

    const [interrupted, resumed] = provider.requests.slice(-2);
    const [last, ...before] = [...(resumed?.messages ?? [])].reverse();
    expect(JSON.stringify(last)).toContain("footnotes");
    expect(JSON.stringify(before.reverse())).toBe(JSON.stringify(interrupted?.messages));
  });
});
