import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ScriptStep, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { findOpenCalls } from "../ticket/close-open-calls.ts";
import { defineTool } from "../tool/define-tool.ts";
import { writeHandover } from "../tool/write-handover.ts";
import { TicketSystem } from "./ticket-system.ts";

const program = fileURLToPath(new URL("./crash.program.ts", import.meta.url));
const anything = { type: "object", properties: {} } as const;

interface Worker {
  readonly child: ChildProcess;
  /** Resolves when the worker has printed a line that begins so. */
  printed(start: string): Promise<string>;
  readonly ended: Promise<void>;
}

let dir: string;
const workers: Worker[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "agentwerk-crash-"));
});

afterEach(async () => {
  for (const { child, ended } of workers.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  await rm(dir, { recursive: true, force: true });
});

function startWorker(mode: string): Worker {
  const child = spawn(process.execPath, ["--conditions=@agentwerk/source", program, dir, mode], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const check of waiting) check();
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    wake();
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const worker: Worker = {
    child,
    ended,
    printed: (start) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = lines.find((line) => line.startsWith(start));
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        void ended.then(() =>
          reject(new Error(`The worker ended without saying ${start}; it said: ${lines.join(" | ")}`)),
        );
        check();
      }),
  };
  workers.push(worker);
  return worker;
}

async function kill({ child, ended }: Worker): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}

async function file(task: string, options: { readonly labels?: readonly string[] } = {}): Promise<string> {
  await using tickets = new TicketSystem({ dir });
  return (await tickets.task(task, options)).key;
}

/** Takes over in this process with tools of the same names, and answers with what the model was asked. */
async function takeOver(script: readonly ScriptStep[]) {
  const provider = scriptedProvider(script);
  const ran: string[] = [];
  const tool = (name: string, readOnly: boolean) =>
    defineTool({
      name,
      description: name,
      input: anything,
      readOnly,
      run: (_input, { callId }) => void ran.push(callId),
    });
  const tickets = new TicketSystem({ dir, leaseDuration: "500ms" });
  tickets.agent({
    model: provider.model,
    role: "You work.",
    tools: [tool("look", true), tool("pay", false), tool("stall", true), writeHandover()],
  });
  const results = await tickets.runDry();
  return { tickets, results, ran, provider };
}

describe("a worker killed with SIGKILL", () => {
  it("in the middle of a turn loses its ticket to another, with the conversation and without a second purchase", async () => {
    const key = await file("work");
    const worker = startWorker("mid-turn");
    await worker.printed("asking");
    await delay(60);
    await kill(worker);

    const { tickets, results, ran, provider } = await takeOver([writesResult("done")]);
    expect(results.reason).toBe("drained");
    expect(ran).toEqual([]);
    expect(provider.requests).toHaveLength(1);
    expect(provider.requests[0]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect(await tickets.get(key)).toMatchObject({ status: "done", attempt: 2, work: { turns: 2 } });
    await tickets.close();
  });

  it("in the middle of a call with a side effect does not cause a second one", async () => {
    const key = await file("pay once");
    const worker = startWorker("mid-tool");
    await worker.printed("effect");
    await kill(worker);

    const { tickets, ran, provider } = await takeOver([writesResult("checked")]);
    expect(ran).toEqual([]);
    expect((await readFile(join(dir, "payments.txt"), "utf8")).trim().split("\n")).toEqual([`${key}:1:0`]);
    expect(JSON.stringify(provider.requests[0]?.messages.at(-1))).toContain("effect is unknown");
    expect(findOpenCalls(await tickets.replies(key))).toEqual([]);
    await tickets.close();
  });

  it("again and again during a chain of handovers leaves every ticket with one outcome and one follow-up", async () => {
    const depth = 60;
    await file(`depth ${depth}`);
    for (let crash = 0; crash < 4; crash++) {
      const worker = startWorker("handover");
      await worker.printed("started");
      await delay(10 + 25 * crash);
      await kill(worker);
    }
    const last = startWorker("handover");
    await last.printed('{"reason":"drained"');
    await last.ended;

    await using tickets = new TicketSystem({ dir });
    const all = await tickets.find();
    expect(all).toHaveLength(depth + 1);
    expect(all.every(({ status }) => status === "done")).toBe(true);
    expect(all.map(({ parent }) => parent)).toEqual([undefined, ...all.slice(0, -1).map(({ key }) => key)]);
    const outcomes = await tickets.eventLog({ types: ["ticket_done"], limit: 1_000 });
    expect(new Set(outcomes.map(({ ticket }) => ticket)).size).toBe(outcomes.length);
  });
});

describe("a worker that stalls past its lease", () => {
  it("writes nothing when it comes back, and the other's outcome stays", async () => {
    const key = await file("work");
    const worker = startWorker("stalled");
    await worker.printed("stalling");

    const { tickets, results, ran } = await takeOver([writesResult("from the other worker")]);
    expect(results.all).toEqual(["from the other worker"]);
    expect(ran).toEqual([`${key}:1:0`]);
    const replies = await tickets.replies(key);
    const events = await tickets.eventLog();

    worker.child.kill("SIGCONT");
    expect(await worker.printed("{")).toContain('"done":0');
    await worker.ended;
    expect(await tickets.get(key)).toMatchObject({
      status: "done",
      result: "from the other worker",
      attempt: 2,
    });
    expect(await tickets.replies(key)).toEqual(replies);
    const later = (await tickets.eventLog()).slice(events.length);
    expect(later.filter(({ ticket }) => ticket !== undefined)).toEqual([]);
    await tickets.close();
  });
});

describe("two processes with eight agents each", () => {
  it("drain 2,000 tickets from one file, none of them twice", async () => {
    const total = 2_000;
    await using tickets = new TicketSystem({ dir });
    await tickets.tasks(Array.from({ length: total }, (_, index) => ({ task: `task ${index}` })));
    const [left, right] = [startWorker("drain"), startWorker("drain")];
    const done = await Promise.all(
      [left, right].map(async (worker) => {
        const line = await worker.printed("{");
        return (JSON.parse(line) as { done: number }).done;
      }),
    );

    expect(done.reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(Math.min(...done)).toBeGreaterThan(0);
    const all = await tickets.find();
    expect(all.every(({ status, attempt }) => status === "done" && attempt === 1)).toBe(true);
    const started = await tickets.eventLog({ types: ["ticket_started", "ticket_resumed"], limit: 10_000 });
    expect(started).toHaveLength(total);
    expect(new Set(all.map(({ result }) => result)).size).toBe(2);
  });
});

describe("a waiting process", () => {
  it("is told of a result that another process wrote, without polling", async () => {
    await using tickets = new TicketSystem({ dir });
    const handle = await tickets.task("work");
    const worker = startWorker("drain");
    expect(typeof (await handle.result({ signal: AbortSignal.timeout(10_000) }))).toBe("number");
    await worker.ended;
    expect(existsSync(join(dir, "results.jsonl"))).toBe(true);
  });

  it("takes a ticket that another process files while it idles", async () => {
    const provider = scriptedProvider([writesResult("done")]);
    await using tickets = new TicketSystem({ dir, agents: [{ model: provider.model, role: "You work." }] });
    const running = tickets.run();
    await delay(50);
    const key = await file("from elsewhere");
    const handle = await tickets.ticket(key);

    expect(await handle.result({ signal: AbortSignal.timeout(5_000) })).toBe("done");
    tickets.stop();
    await running;
  });
});
