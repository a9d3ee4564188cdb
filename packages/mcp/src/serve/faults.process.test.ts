import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { memoryStore, TicketSystem } from "@agentwerk/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { echoAgent } from "./testing/agents.ts";
import { askModern } from "./testing/modern-request.ts";
import { type ServedSystem, serveSystem } from "./testing/served-system.ts";

async function directory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "agentwerk-faults-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Starts a worker process; resolves when it works a ticket, for one that hangs, or at once. */
async function startWorker(dir: string, kind: "hang" | "echo"): Promise<{ kill(): void }> {
  const program = fileURLToPath(new URL("testing/worker.program.ts", import.meta.url));
  const child = spawn(process.execPath, [
    "--conditions=@agentwerk/source",
    "--no-warnings",
    program,
    dir,
    kind,
  ]);
  onTestFinished(() => void child.kill("SIGKILL"));
  if (kind === "hang") {
    await new Promise<void>((resolve) =>
      child.stdout.on("data", (text) => String(text).includes("working") && resolve()),
    );
  }
  return { kill: () => child.kill("SIGKILL") };
}

describe.each(["legacy", "modern"] as const)("%s", (era) => {
  test("a client that disconnects in the middle of a wait leaves nothing behind", async () => {
    const store = memoryStore();
    let finds = 0;
    const counted: typeof store = {
      ...store,
      find(filter) {
        finds++;
        return store.find(filter);
      },
    };
    await using tickets = new TicketSystem({ store: counted });
    await using system = await serveSystem({ tickets, work: false });
    const { client, call } = await system.connect({ era });
    await call("ticket_file", { task: "nobody", labels: ["none"] });
    const told: number[] = [];
    const waiting = client
      .callTool(
        { name: "ticket_wait", arguments: { keys: ["TICKET-1"], wait_seconds: 45 } },
        { onprogress: ({ progress }) => told.push(progress) },
      )
      .catch((error: unknown) => error);
    await expect.poll(() => told.length).toBeGreaterThan(0);

    const before = finds;
    await tickets.edit("TICKET-1", { priority: 1 });
    await expect.poll(() => finds).toBeGreaterThan(before);
    await client.close();
    expect(await waiting).toBeInstanceOf(Error);
    // What the wait looked at with each change, it looks at no more.
    await expect
      .poll(async () => {
        const start = finds;
        await tickets.edit("TICKET-1", { priority: start });
        await new Promise((resolve) => setTimeout(resolve, 100));
        return finds - start;
      })
      .toBe(0);
    expect(system.errors).toEqual([]);
  });

  test("a worker that is killed while a client waits: another one takes over, and the wait ends", async () => {
    const dir = await directory();
    await using tickets = new TicketSystem({ dir });
    await using system = await serveSystem({ tickets, work: false });
    const { call } = await system.connect({ era });
    const hanging = startWorker(dir, "hang");
    const filing = call("ticket_file", { task: "hello", wait_seconds: 45 });
    const worker = await hanging;

    worker.kill();
    await startWorker(dir, "echo");

    expect(await filing).toMatchObject({
      settled: true,
      ticket: { status: "done", result: "HELLO", agent: "echo" },
    });
    expect(await tickets.get("TICKET-1")).toMatchObject({ crashes: 1 });
  });
});

const clients = 200;
const ticketsOfEach = 50;

/** All of them share one process: on a busy machine the first calls of some wait until the others are through. */
const timeout = 240_000;

type File = (input: object, signal?: AbortSignal) => Promise<unknown>;

/** One way to file: over a session of the SDK's client, or by stateless requests. */
async function filerOf(system: ServedSystem, name: string, index: number): Promise<File> {
  if (index % 2 === 0) {
    const { client } = await system.connect({ name, era: "legacy" });
    return async (input, signal) => {
      const call = { name: "ticket_file", arguments: { ...input } };
      return (await client.callTool(call, signal === undefined ? { timeout } : { signal })).structuredContent;
    };
  }
  return async (input, signal) => {
    const params = { name: "ticket_file", arguments: input };
    const request = { url: system.served.url, name, method: "tools/call", params };
    return (await askModern(signal === undefined ? request : { ...request, signal })).result
      .structuredContent;
  };
}

/** Files as clients do that do not trust the network: some calls twice at once, some given up and made again. */
async function fileUnreliably(file: File, name: string, number: number): Promise<void> {
  const input = { task: `${name} ${number}`, idempotency_key: `${number}`, labels: [name] };
  if (number % 10 === 3) await file(input, AbortSignal.timeout(1 + (number % 7))).catch(() => {});
  const answers = number % 5 === 0 ? await Promise.all([file(input), file(input)]) : [await file(input)];
  const [first] = answers;
  for (const answer of answers) expect(answer).toMatchObject({ ticket: { task: input.task } });
  for (const answer of answers) expect(answer).toEqual(first);
}

test("200 clients file 50 tickets each at once: nothing is lost and nothing doubled", {
  timeout: 300_000,
}, async () => {
  const dir = await directory();
  await using tickets = new TicketSystem({ dir });
  await using system = await serveSystem({ tickets, work: false });
  const names = Array.from({ length: clients }, (_, index) => `client-${index}`);
  const filers = await Promise.all(names.map((name, index) => filerOf(system, name, index)));

  const startedAt = performance.now();
  await Promise.all(
    filers.map(async (file, index) => {
      for (let number = 0; number < ticketsOfEach; number++)
        await fileUnreliably(file, names[index] ?? "", number);
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  process.stderr.write(`${clients * ticketsOfEach} tickets filed over HTTP in ${seconds.toFixed(1)} s\n`);

  const filed = await tickets.find({});
  const expected = names.flatMap((name) =>
    Array.from({ length: ticketsOfEach }, (_, number) => `${name} ${number}`),
  );
  expect(filed).toHaveLength(clients * ticketsOfEach);
  expect(filed.map(({ task }) => task).sort()).toEqual(expected.sort());
  expect(filed.every(({ task, reporter }) => String(task).startsWith(`${reporter} `))).toBe(true);
  expect(system.errors).toEqual([]);

  tickets.agent(echoAgent({ labels: ["client-7"] }));
  await tickets.runDry();
  const seven = await system.connect({ name: "client-7" });
  const query = "status = done";
  const { tickets: done } = await seven.call<{ tickets: unknown[] }>("ticket_list", { query, limit: 100 });
  expect(done).toHaveLength(ticketsOfEach);
});
