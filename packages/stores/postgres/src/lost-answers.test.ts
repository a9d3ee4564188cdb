// What becomes of a step whose connection is lost while its commit hangs, as it does when a synchronous standby is away.
import { randomUUID } from "node:crypto";
import type { TicketStore } from "@agentwerk/core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { postgres } from "./postgres-store.ts";
import { type CuttingProxy, startCuttingProxy } from "./testing/cutting-proxy.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

let server: TestServer;
let proxy: CuttingProxy;
const stores: TicketStore[] = [];

beforeAll(async () => {
  server = await startTestServer();
  proxy = await startCuttingProxy(server.port);
}, 120_000);
afterAll(async () => {
  await proxy.close();
  await server.close();
}, 60_000);
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
}, 60_000);

/** Behind the proxy, and once anything was written. */
async function open(namespace: string, patienceMs: number): Promise<TicketStore> {
  const url = `postgres://postgres@127.0.0.1:${proxy.port}/postgres`;
  const store = postgres(url, { namespace, statementTimeoutMs: 300, patienceMs });
  stores.push(store);
  await store.insert([{ task: "before" }]);
  return store;
}

/** From now on commits wait for a standby, until there is none to wait for. */
async function setStandby(name: string): Promise<void> {
  await withClient(server.url(), async (client) => {
    await client.query(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
    await client.query("SELECT pg_reload_conf()");
    for (;;) {
      const { rows } = await client.query("SHOW synchronous_standby_names");
      if (rows[0]?.synchronous_standby_names === name) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
}

/** So many backends that match wait for it. */
async function untilSomebody(where: string): Promise<void> {
  await withClient(server.url(), async (client) => {
    const sql = `SELECT 1 FROM pg_stat_activity WHERE ${where}`;
    while ((await client.query(sql)).rows.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
  });
}

const hangs = "wait_event = 'SyncRep'";
const asks = "wait_event_type = 'Lock' AND query LIKE '%.step(%'";

test("nobody writes a second time what may still be stored, and callers are told that it is not known", async () => {
  const store = await open("not known", 1_000);
  await setStandby("nobody");
  const inserting = Promise.allSettled(["a", "b"].map((task) => store.insert([{ task }])));
  await untilSomebody(hangs);
  proxy.cut();
  const ends = await inserting;
  await setStandby("");
  for (const end of ends)
    expect(end).toMatchObject({
      reason: {
        code: "store_unavailable",
        message: expect.stringMatching(/is not known: look before you repeat it/),
      },
    });
  expect(JSON.stringify(ends)).not.toContain("Nothing was written");
  expect((await store.find({})).map(({ task }) => task)).toEqual(["before", "a", "b"]);
}, 60_000);

test("an answer that comes within our patience is waited for, however often the question times out", async () => {
  const store = await open("waited for", 30_000);
  await setStandby("nobody");
  const inserting = Promise.all(["a", "b"].map((task) => store.insert([{ task }])));
  inserting.catch(() => undefined);
  await untilSomebody(hangs);
  proxy.cut();
  await untilSomebody(asks);
  // Longer than a statement may take.
  await new Promise((resolve) => setTimeout(resolve, 500));
  await setStandby("");
  expect((await inserting).flat().map(({ key }) => key)).toEqual(["TICKET-2", "TICKET-3"]);
  expect((await store.find({})).map(({ task }) => task)).toEqual(["before", "a", "b"]);
}, 60_000);

test("a question that arrives late allows no step that a later one forbade", async () => {
  const store = await open("late question", 1_000);
  await withClient(server.url(), async (client) => {
    const { rows } = await client.query(
      "SELECT id, agentwerk.moment() AS now FROM agentwerk.namespaces WHERE name = 'late question'",
    );
    const writer = randomUUID();
    const step = async (request: object): Promise<unknown> => {
      const { id: namespace, now } = rows[0];
      const text = JSON.stringify({ namespace, now, base: 8e15, writer, ...request });
      return (await client.query("SELECT agentwerk.step($1::jsonb) AS answer", [text])).rows[0]?.answer;
    };
    expect(await step({ after: 8, step: 9 })).not.toHaveProperty("done");
    expect(await step({ after: 5, step: 6 })).not.toHaveProperty("done");
    await expect(step({ step: 8, writes: true, budgetWindow: null })).rejects.toMatchObject({
      code: "AW002",
    });
    expect(await step({ step: 10, writes: true, budgetWindow: null })).toHaveProperty("done");
  });
  expect(await store.find({})).toHaveLength(1);
});

test("what is kept for writers that are long gone goes as tickets are pruned, and the others' stays", async () => {
  const store = await open("long gone", 1_000);
  const [gone, here] = [randomUUID(), randomUUID()];
  const day = 86_400_000;
  await withClient(server.url(), async (client) => {
    for (const [writer, days] of [
      [gone, 31],
      [here, 29],
    ] as const)
      await client.query(
        "INSERT INTO agentwerk.writers VALUES ($1, 1, 'null', agentwerk.moment() - $2::float8)",
        [writer, days * day],
      );
    const [ticket] = await store.find({});
    if (ticket !== undefined) await store.update(ticket.key, { type: "cancel" });
    expect(await store.prune({})).toBe(1);
    const { rows } = await client.query("SELECT id FROM agentwerk.writers WHERE id IN ($1, $2)", [
      gone,
      here,
    ]);
    expect(rows).toEqual([{ id: here }]);
  });
});
