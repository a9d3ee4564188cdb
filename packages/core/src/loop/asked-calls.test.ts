import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { textBlock, textOf } from "../provider/content.ts";
import { memoryStore } from "../store/memory/memory-store.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import { TicketSystem } from "../system/ticket-system.ts";
import { recordEvents } from "../testing/event-recorder.ts";
import { calls, type ScriptStep, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { defineTool, type ToolOptions } from "../tool/define-tool.ts";
import type { ToolContext } from "../tool/tool-context.ts";
import { askPerson, type ToolReturn } from "../tool/tool-result.ts";

const input = { type: "object", properties: { to: { type: "string" } } } as const;

type Run = (given: unknown, context: ToolContext) => ToolReturn | Promise<ToolReturn>;

function system(
  script: readonly ScriptStep[],
  {
    run,
    dir,
    store,
    ...options
  }: { readonly run: Run; readonly dir?: string; readonly store?: TicketStore } & Partial<
    ToolOptions<typeof input>
  >,
) {
  const ran: string[] = [];
  const send = defineTool({
    name: "send",
    description: "Sends.",
    input,
    ...options,
    run: (given, context) => {
      ran.push([JSON.stringify(given), ...context.answers].join(" "));
      return run(given, context);
    },
  });
  const look = defineTool({
    name: "look",
    description: "Looks.",
    input,
    readOnly: true,
    run: () => {
      ran.push("look");
      return "seen";
    },
  });
  const note = defineTool({ name: "note", description: "Notes.", input, run: () => void ran.push("note") });
  const provider = scriptedProvider(script);
  const tickets = new TicketSystem({ dir, store });
  tickets.agent({ model: provider.model, role: "You send.", tools: [send, look, note] });
  return { tickets, provider, ran };
}

/** Asks until it has as many answers as there are questions. */
function asking(...questions: readonly string[]): Run {
  return (_given, { answers }) => {
    const question = questions[answers.length];
    return question === undefined ? `sent with ${answers.join(" and ")}` : askPerson(question);
  };
}

describe("a call that asks a person", () => {
  it("parks the ticket with the question, and runs again with the answer under the same id", async () => {
    const ids: string[] = [];
    const { tickets, provider, ran } = system([calls(["send", {}]), writesResult("done")], {
      run: (given, context) => {
        ids.push(context.callId);
        return asking("Which account?")(given, context);
      },
    });
    const handle = await tickets.task("send it");
    const results = await tickets.runDry();

    expect(results).toMatchObject({ reason: "stalled", unclaimed: [{ reason: "parked" }] });
    expect((await handle.get()).waiting).toEqual({ for: "reply", question: "Which account?" });
    await tickets.reply(handle, "the second");
    await tickets.runDry();

    expect(await handle.result()).toBe("done");
    expect(ran).toEqual(["{}", "{} the second"]);
    expect(new Set(ids).size).toBe(1);
    const sent = provider.requests[1]?.messages ?? [];
    expect(sent.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "user"]);
    expect(JSON.stringify(sent[2])).toContain("sent with the second");
    expect(JSON.stringify(sent)).not.toContain("Which account?");
  });

  it("may ask several times, and sees each answer", async () => {
    const { tickets, ran } = system([calls(["send", {}]), writesResult("done")], {
      run: asking("Who?", "When?"),
    });
    const handle = await tickets.task("send it");
    await tickets.runDry();
    await tickets.reply(handle, "Ann");
    await tickets.runDry();
    expect((await handle.get()).waiting).toEqual({ for: "reply", question: "When?" });
    await tickets.reply(handle, "now");
    await tickets.runDry();

    expect(ran).toEqual(["{}", "{} Ann", "{} Ann now"]);
    expect(await handle.result()).toBe("done");
  });

  it("keeps what its neighbours found, and holds back what stands behind it", async () => {
    const { tickets, provider, ran } = system(
      [calls(["look", {}], ["send", {}], ["note", {}]), writesResult("done")],
      { run: asking("Sure?"), readOnly: true },
    );
    const handle = await tickets.task("send it");
    await tickets.runDry();
    expect(ran).toEqual(["look", "{}"]);
    await tickets.reply(handle, "yes");
    await tickets.runDry();

    expect(ran).toEqual(["look", "{}", "{} yes", "note"]);
    const results = (provider.requests[1]?.messages ?? []).filter((message) => message.role === "tool");
    expect(results.flatMap(({ content }) => content)).toHaveLength(3);
  });

  it("is not put before a person for approval again, and keeps the arguments that the person gave it", async () => {
    const { tickets, ran } = system([calls(["send", { to: "all" }]), writesResult("done")], {
      run: asking("Sure?"),
      approval: "always",
    });
    const handle = await tickets.task("send it");
    await tickets.runDry();
    const { waiting } = await handle.get();
    const [call] = waiting?.for === "approval" ? waiting.calls : [];
    if (call === undefined) throw new Error("nothing waits for an approval");
    await tickets.approve(handle, call, { input: { to: "ann" } });
    await tickets.runDry();
    await tickets.reply(handle, "yes");
    await tickets.runDry();

    expect(ran).toEqual(['{"to":"ann"}', '{"to":"ann"} yes']);
    expect((await handle.get()).status).toBe("done");
  });

  it("leaves the decision on a call behind it as it was made: nobody is asked for it again", async () => {
    const asks = asking("Sure?");
    const { tickets, ran } = system(
      [
        calls(["send", { to: "ann" }], ["send", { to: "bob" }], ["send", { to: "eve" }]),
        writesResult("done"),
      ],
      {
        run: (given, context) => (JSON.stringify(given).includes("ann") ? asks(given, context) : "sent"),
        approval: "always",
      },
    );
    using events = recordEvents(tickets);
    const handle = await tickets.task("send it");
    await tickets.runDry();
    const { waiting } = await handle.get();
    const [ann, bob, eve] = waiting?.for === "approval" ? waiting.calls : [];
    if (ann === undefined || bob === undefined || eve === undefined) throw new Error("three calls wait");
    await tickets.approve(handle, ann);
    await tickets.approve(handle, bob, { input: { to: "bert" } });
    await tickets.reject(handle, eve, { reason: "not her" });
    await tickets.runDry();

    expect((await handle.get()).waiting).toEqual({ for: "reply", question: "Sure?" });
    expect((await handle.get()).decisions).toMatchObject([{ callId: bob.callId, hash: bob.hash }]);
    await tickets.reply(handle, "yes");
    await tickets.runDry();

    expect(ran).toEqual(['{"to":"ann"}', '{"to":"ann"} yes', '{"to":"bert"}']);
    expect(await handle.result()).toBe("done");
    expect(events.of("approval_requested")).toHaveLength(3);
    expect((await handle.get()).decisions).toBeUndefined();
  });

  it("does not run a third time when its worker dies after the answer", async () => {
    const killed = new AbortController();
    const { tickets, provider, ran } = system([calls(["send", {}]), writesResult("checked")], {
      run: async (_given, { answers, signal }) => {
        if (answers.length === 0) return askPerson("Sure?");
        const aborted = new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(new Error("killed"))),
        );
        killed.abort();
        await aborted;
        return "sent";
      },
    });
    const handle = await tickets.task("send it");
    await tickets.runDry();
    await tickets.reply(handle, "yes");
    await tickets.runDry({ signal: killed.signal });
    await tickets.runDry();

    expect(ran).toEqual(["{}", "{} yes"]);
    expect(JSON.stringify(provider.requests[1]?.messages)).toContain("effect is unknown");
    expect(await handle.result()).toBe("checked");
  });

  it("is found again by another process: question, answer and edited arguments are in the database", async () => {
    const dir = await mkdtemp(join(tmpdir(), "agentwerk-asked-"));
    try {
      const script = [calls(["send", { to: "all" }]), writesResult("done")];
      const options = { run: asking("Sure?"), approval: "always" as const, dir };
      const before = system(script.slice(0, 1), options);
      const { key } = await before.tickets.task("send it");
      await before.tickets.runDry();
      const waiting = (await before.tickets.get(key))?.waiting;
      const [call] = waiting?.for === "approval" ? waiting.calls : [];
      if (call === undefined) throw new Error("nothing waits for an approval");
      await before.tickets.approve(key, call, { input: { to: "ann" } });
      await before.tickets.runDry();
      await before.tickets.close();

      const after = system(script.slice(1), options);
      await after.tickets.reply(key, "yes");
      await after.tickets.runDry();
      expect(after.ran).toEqual(['{"to":"ann"} yes']);
      expect((await after.tickets.get(key))?.status).toBe("done");
      await after.tickets.close();
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it("waits for an answer to its question: what was said before it asked is none", async () => {
    const early = Promise.withResolvers<void>();
    const { tickets, provider, ran } = system([calls(["send", {}]), writesResult("done")], {
      run: async (given, context) => {
        if (context.answers.length === 0) {
          await tickets.reply(context.ticket.key, "hurry up");
          early.resolve();
        }
        return asking("Which account?")(given, context);
      },
    });
    const handle = await tickets.task("send it");
    await tickets.runDry();
    await early.promise;

    expect(ran).toEqual(["{}"]);
    expect((await handle.get()).waiting).toEqual({ for: "reply", question: "Which account?" });
    await tickets.reply(handle, "the second");
    await tickets.runDry();

    expect(ran).toEqual(["{}", "{} the second"]);
    expect(JSON.stringify(provider.requests[1]?.messages)).toContain("hurry up");
    expect((await handle.replies()).filter(({ purpose }) => purpose === "asked")).toHaveLength(1);
  });

  it("is parked again when its worker died between the question and the park", async () => {
    const store = memoryStore();
    const { tickets, ran } = system([writesResult("done")], {
      store,
      run: asking("Which account?"),
    });
    const handle = await tickets.task("send it");
    const [claim] = await store.claim({
      worker: "gone",
      wants: [{ agent: "agent", labels: [], limit: 1 }],
      leaseMs: 30_000,
    });
    if (claim === undefined) throw new Error("nothing was claimed");
    await store.commit(claim.lease, {
      replies: [
        { message: { role: "user", content: [textBlock("send it")] }, purpose: "prompt" },
        {
          message: {
            role: "assistant",
            content: [{ type: "tool_call", id: "c1", name: "send", input: {} }],
          },
          purpose: "answer",
        },
        {
          message: { role: "user", content: [textBlock("Which account?")] },
          purpose: "asked",
          call: { id: `${handle.key}:1:0` },
        },
      ],
    });
    await store.release(claim.lease);
    await tickets.runDry();

    expect(ran).toEqual([]);
    expect((await handle.get()).waiting).toEqual({ for: "reply", question: "Which account?" });
    await tickets.reply(handle, "the second");
    await tickets.runDry();
    expect(ran).toEqual(["{} the second"]);
  });

  it("keeps the question in the ticket's conversation", async () => {
    const { tickets } = system([calls(["send", {}]), writesResult("done")], {
      run: asking("Which account?"),
    });
    using events = recordEvents(tickets);
    const handle = await tickets.task("send it");
    await tickets.runDry();

    const asked = (await handle.replies()).find(({ purpose }) => purpose === "asked");
    expect(textOf(asked?.message.content ?? [])).toBe("Which account?");
    expect(events.of("ticket_waiting")).toMatchObject([{ waiting: { question: "Which account?" } }]);
  });
});

describe("a source of tools that fails", () => {
  it("leaves its tools out and says why; the ticket goes on with the others", async () => {
    const provider = scriptedProvider([writesResult("done")]);
    const tickets = new TicketSystem();
    using events = recordEvents(tickets);
    tickets.agent({
      model: provider.model,
      role: "You work.",
      tools: [
        {
          name: "docs",
          tools: () => {
            throw new Error("the server did not start");
          },
        },
        { name: "mail", tools: () => Promise.reject(new Error("no route")) },
        {
          name: "disk",
          tools: ({ report }) => {
            report("write_file changed and waits to be accepted");
            return [];
          },
        },
      ],
    });
    const handle = await tickets.task("work");
    await tickets.runDry();

    expect(await handle.result()).toBe("done");
    expect(events.of("tool_source_failed")).toMatchObject([
      { source: "docs", message: "the server did not start" },
      { source: "mail", message: "no route" },
      { source: "disk", message: "write_file changed and waits to be accepted" },
    ]);
  });
});
