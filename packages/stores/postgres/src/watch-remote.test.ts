import { setTimeout as delay } from "node:timers/promises";
import type { TicketStore } from "@agentwerk/core";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { postgres } from "./postgres-store.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

let server: TestServer;
let namespaces = 0;
const stores: TicketStore[] = [];
const pools: pg.Pool[] = [];

beforeAll(async () => {
  server = await startTestServer();
}, 120_000);
afterAll(() => server.close(), 60_000);
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const pool of pools.splice(0)) await pool.end();
});

/** A pool that keeps what it was asked. */
function countingPool(): { readonly pool: pg.Pool; readonly asked: string[] } {
  const asked: string[] = [];
  class CountingPool extends pg.Pool {
    // biome-ignore lint/suspicious/noExplicitAny: the overloads of pg are told apart by the caller.
    override query(...given: any[]): any {
      asked.push(String(given[0]));
      return super.query(given[0], given[1]);
    }
  }
  const pool = new CountingPool({ connectionString: server.url() });
  pools.push(pool);
  return { pool, asked };
}

function open(target: string | pg.Pool, namespace: string): TicketStore {
  const store = postgres(target, { namespace });
  stores.push(store);
  return store;
}

/** Resolves with the next word about writes of others. */
function hears(store: TicketStore): Promise<void> {
  const controller = new AbortController();
  return new Promise((resolve) => {
    const listener = ({ origin }: { readonly origin: string }): void => {
      if (origin !== "remote") return;
      controller.abort();
      resolve();
    };
    store.watch(listener, { signal: controller.signal });
  });
}

test("a write after a quiet time tells others as it commits; one soon after it tells them later", async () => {
  const namespace = `n${++namespaces}`;
  const { pool, asked } = countingPool();
  const writer = open(pool, namespace);
  const reader = open(server.url(), namespace);
  await writer.insert([{ task: 1 }]);
  await reader.find({});
  // The reader listens once a first word came through.
  const first = hears(reader);
  await delay(300);
  await writer.insert([{ task: 2 }]);
  await first;
  await delay(300);
  asked.length = 0;
  const second = hears(reader);
  await writer.insert([{ task: 3 }]);
  await second;
  expect(asked.map((sql) => sql.slice(0, 25))).toEqual([expect.stringContaining("step")]);
  const third = hears(reader);
  await writer.insert([{ task: 4 }]);
  await third;
  expect(asked.filter((sql) => sql.includes("pg_notify"))).toHaveLength(1);
});

test("a burst of writes sends few notifications", async () => {
  const namespace = `n${++namespaces}`;
  const { pool, asked } = countingPool();
  const writer = open(pool, namespace);
  await writer.insert([{ task: 0 }]);
  const start = performance.now();
  for (let task = 0; task < 200; task++) await writer.insert([{ task }]);
  await delay(20);
  const most = (performance.now() - start) / 5 + 1;
  expect(asked.filter((sql) => sql.includes("pg_notify")).length).toBeLessThanOrEqual(most);
});

test("where nothing can be heard, writes of others are seen also when own ones came after them", async () => {
  const namespace = `n${++namespaces}`;
  const writer = open(server.url(), namespace);
  await writer.insert([{ task: 1 }]);
  const deaf = postgres(server.url(), { namespace, pooler: true, pollMs: 100 });
  stores.push(deaf);
  const notices: string[] = [];
  deaf.watch(({ origin }) => notices.push(origin));
  // Of what was there before it looked for the first time.
  await expect.poll(() => notices).toEqual(["remote"]);
  notices.length = 0;
  await deaf.insert([{ task: 2 }]);
  await delay(250);
  expect(notices).toEqual(["local"]);
  await writer.insert([{ task: 3 }]);
  await deaf.insert([{ task: 4 }]);
  await expect.poll(() => notices).toContain("remote");
});

test("a write that comes after the watch and before its first look is told", async () => {
  const namespace = `n${++namespaces}`;
  const looked = Promise.withResolvers<void>();
  const mayLook = Promise.withResolvers<void>();
  class SlowPool extends pg.Pool {
    // biome-ignore lint/suspicious/noExplicitAny: the overloads of pg are told apart by the caller.
    override query(...given: any[]): any {
      if (!String(given[0]).includes("max(e.id)")) return super.query(given[0], given[1]);
      looked.resolve();
      return mayLook.promise.then(() => super.query(given[0], given[1]));
    }
  }
  const pool = new SlowPool({ connectionString: server.url() });
  pools.push(pool);
  const watcher = postgres(pool, { namespace, pooler: true, pollMs: 100 });
  stores.push(watcher);
  const told = hears(watcher);
  await looked.promise;
  await open(server.url(), namespace).insert([{ task: 1 }]);
  mayLook.resolve();
  await told;
});

test("where nothing can be heard, a write that commits after one with a later id is seen, too", async () => {
  const namespace = `n${++namespaces}`;
  const writer = open(server.url(), namespace);
  await writer.insert([{ task: 1 }]);
  const deaf = postgres(server.url(), { namespace, pooler: true, pollMs: 50 });
  stores.push(deaf);
  let notices = 0;
  deaf.watch(() => {
    notices += 1;
  });
  await expect.poll(() => notices).toBe(1);
  await withClient(server.url(), async (client) => {
    const { rows } = await client.query("SELECT id FROM agentwerk.namespaces WHERE name = $1", [namespace]);
    await client.query("BEGIN");
    await client.query(
      "INSERT INTO agentwerk.events (namespace, id, type, at, body) VALUES ($1, nextval($2), 'run_started', 0, '{}')",
      [rows[0]?.id, `agentwerk.events_${rows[0]?.id}`],
    );
    await writer.insert([{ task: 2 }]);
    await expect.poll(() => notices).toBe(2);
    // A gap alone is no news.
    await delay(200);
    expect(notices).toBe(2);
    await client.query("COMMIT");
  });
  await expect.poll(() => notices).toBe(3);
  await delay(200);
  expect(notices).toBe(3);
});
