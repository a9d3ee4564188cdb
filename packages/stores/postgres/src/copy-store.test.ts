import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Claim, TicketStore } from "@agentwerk/core";
import { sqliteStore } from "@agentwerk/core/sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyStore } from "./copy-store.ts";
import { postgres } from "./postgres-store.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let dir: string;
beforeAll(async () => {
  server = await startTestServer();
  dir = mkdtempSync(join(tmpdir(), "agentwerk-copy-"));
}, 120_000);
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await server.close();
}, 60_000);

const comment = (text: string) =>
  ({ message: { role: "user", content: [{ type: "text", text }] }, purpose: "comment" }) as const;

async function claim(store: TicketStore, labels: readonly string[]): Promise<Claim> {
  const [found] = await store.claim({
    worker: "worker",
    leaseMs: 60_000,
    wants: [{ agent: "agent", labels, limit: 1 }],
  });
  if (found === undefined) throw new Error("There was nothing to claim.");
  return found;
}

/** Tickets of every kind: done, failed, retried, parked, blocked, pruned, with budgets and keys. */
async function fill(store: TicketStore): Promise<void> {
  await store.insert([
    {
      task: { deep: [1, "ü\u0000"] },
      labels: ["a"],
      idempotencyKey: "k",
      schema: { type: "string" },
      budget: { maxCost: 5 },
    },
    { task: "fails", labels: ["b"] },
    { task: "asks", labels: ["c"], reporter: "Ada" },
    { ref: "x", task: "blocker", labels: ["d"] },
    { task: "blocked", blockedBy: ["x"], priority: 2 },
    { task: "pruned", labels: ["e"] },
  ]);
  const first = await claim(store, ["a"]);
  await store.commit(first.lease, {
    replies: [comment("one"), comment("two")],
    work: {
      turns: 2,
      cost: 0.25,
      usage: {
        inputTokens: 10,
        outputTokens: 5,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
        reasoningTokens: 0,
      },
    },
    children: [{ task: "child", labels: ["f"] }],
  });
  await store.commit(first.lease, {
    replies: [comment("three")],
    outcome: { status: "done", result: { ok: true } },
  });
  const failing = await claim(store, ["b"]);
  await store.commit(failing.lease, {
    outcome: { status: "failed", failure: { reason: "given_up", message: "no" } },
  });
  await store.update(failing.ticket.key, { type: "retry", note: "again" });
  const asking = await claim(store, ["c"]);
  await store.commit(asking.lease, {
    outcome: { status: "waiting", waiting: { for: "reply", question: "Which?" } },
  });
  const pruned = await claim(store, ["e"]);
  await store.commit(pruned.lease, { outcome: { status: "done", result: 1 }, work: { turns: 7 } });
  await store.prune({ labels: ["e"] });
}

async function look(store: TicketStore): Promise<unknown> {
  const tickets = await store.find({});
  return {
    tickets,
    replies: await Promise.all(tickets.map(({ key }) => store.replies(key))),
    events: await store.events({}),
    totals: await store.totals(),
    outlook: await store.outlook([
      { agent: "agent", labels: ["", "a", "b", "c", "d", "e", "f"], limit: 100 },
    ]),
    accounts: await Promise.all(tickets.map(({ key }) => store.account(key))),
  };
}

test("a store goes from SQLite to PostgreSQL and back with nothing lost, and works on in each", async () => {
  const paths = [join(dir, "from.db"), join(dir, "back.db")] as const;
  const source = sqliteStore({ path: paths[0] });
  await fill(source);
  const before = await look(source);
  await source.close();

  const report = await copyStore({ url: paths[0] }, { url: server.url() });
  expect(report).toMatchObject({ tickets: 6 });
  const middle = postgres(server.url());
  expect(await look(middle)).toEqual(before);
  await middle.close();
  await copyStore({ url: server.url() }, { url: paths[1] });
  const back = sqliteStore({ path: paths[1] });
  expect(await look(back)).toEqual(before);

  const again = postgres(server.url());
  for (const store of [back, again]) {
    expect(await store.insert([{ task: "known", idempotencyKey: "k" }])).toMatchObject([{ key: "TICKET-1" }]);
    expect(await store.insert([{ task: "new" }])).toMatchObject([{ key: "TICKET-8" }]);
    const blocker = await claim(store, ["d"]);
    await store.commit(blocker.lease, { outcome: { status: "done", result: 1 } });
    expect((await claim(store, [])).ticket.task).toBe("blocked");
    await store.close();
  }
}, 60_000);

test("a copy is refused into what is not empty, and while a worker holds a ticket", async () => {
  const path = join(dir, "held.db");
  const source = sqliteStore({ path });
  await source.insert([{ task: 1 }]);
  await expect(copyStore({ url: path }, { url: server.url() })).rejects.toMatchObject({ code: "conflict" });
  await claim(source, []);
  await source.close();
  const to = { url: server.url(), namespace: "held" };
  await expect(copyStore({ url: path }, to)).rejects.toMatchObject({ code: "conflict" });
}, 60_000);
