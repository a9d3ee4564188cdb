import { setTimeout as delay } from "node:timers/promises";
import type { Claim, TicketStore } from "@agentwerk/core";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgres } from "./postgres-store.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 120_000);
afterAll(() => server.close(), 60_000);

test("labels that look like parts of an array are labels", async () => {
  const store = postgres(server.url());
  const labels = ['a"b', "c\\d", "{e,f}", "NULL", "g\nh", "ü "];
  for (const label of labels) await store.insert([{ task: label, labels: [label] }]);
  for (const label of labels) {
    const wants = [{ agent: "agent", labels: [label], limit: 5 }];
    const claims = await store.claim({ worker: "worker", leaseMs: 60_000, wants });
    expect(claims.map(({ ticket }) => ticket.task)).toEqual([label]);
  }
  await store.close();
});

/** Claims for the label `a` while somebody changes the ticket that is about to be locked. */
async function claimWhile(namespace: string, change: (client: pg.ClientBase) => Promise<unknown>) {
  const store = postgres(server.url(), { namespace });
  await store.insert([{ task: "first", labels: ["a"] }]);
  const claims = await withClient(server.url(), async (client) => {
    // Who claims has seen the queue by then, and waits to lock what it found there.
    await client.query("BEGIN; LOCK TABLE agentwerk.tickets IN EXCLUSIVE MODE");
    const wants = [{ agent: "agent", labels: ["a"], limit: 1 }];
    const claiming = store.claim({ worker: "worker", leaseMs: 60_000, wants });
    while ((await client.query("SELECT 1 FROM pg_locks WHERE NOT granted")).rows.length === 0)
      await delay(10);
    await change(client);
    await client.query("COMMIT");
    return claiming;
  });
  return { store, claims };
}

const ofNamespace = (name: string): string =>
  `namespace = (SELECT id FROM agentwerk.namespaces WHERE name = '${name}')`;

test("a ticket whose labels were changed since the queue was looked at is not taken for the old ones", async () => {
  const { store, claims } = await claimWhile("labels", (client) =>
    client.query(
      `UPDATE agentwerk.tickets SET labels = '{b}', version = version + 1 WHERE ${ofNamespace("labels")};
       UPDATE agentwerk.queue SET label = 'b' WHERE ${ofNamespace("labels")}`,
    ),
  );
  expect(claims).toEqual([]);
  const wants = [{ agent: "other", labels: ["b"], limit: 1 }];
  expect(await store.claim({ worker: "worker", leaseMs: 60_000, wants })).toHaveLength(1);
  await store.close();
});

test("a ticket that was changed since the queue was looked at is taken as it is now", async () => {
  const { store, claims } = await claimWhile("changed", (client) =>
    client.query(
      `UPDATE agentwerk.tickets SET priority = 3, version = version + 1 WHERE ${ofNamespace("changed")};
       UPDATE agentwerk.queue SET rank = -3 WHERE ${ofNamespace("changed")}`,
    ),
  );
  expect(claims).toMatchObject([{ ticket: { priority: 3, status: "in_progress" } }]);
  const outcome = { status: "done", result: "result" } as const;
  for (const { lease } of claims) await store.commit(lease, { outcome });
  expect(await store.outlook([{ agent: "agent", labels: ["a"], limit: 1 }])).toMatchObject({ claimable: 0 });
  expect((await store.totals()).all).toMatchObject({ done: 1 });
  await store.close();
});

describe("a worker that goes on from where it was in the queue", () => {
  const other = (namespace: string): TicketStore => postgres(server.url(), { namespace });

  async function claim(store: TicketStore, limit = 2): Promise<readonly Claim[]> {
    const wants = [{ agent: "agent", labels: ["a", "agent"], limit }];
    return store.claim({ worker: "worker", leaseMs: 60_000, wants });
  }
  const keysOf = (claims: readonly Claim[]): readonly string[] => claims.map(({ ticket }) => ticket.key);

  async function filed(namespace: string): Promise<TicketStore> {
    const store = other(namespace);
    await store.insert(Array.from({ length: 20 }, () => ({ task: "task", labels: ["a"] })));
    return store;
  }

  test("sees what it gives back itself, also in the same step", async () => {
    await using store = disposable(await filed("own"));
    const [first] = await claim(store);
    await claim(store);
    if (first === undefined) throw new Error("Nothing was claimed.");
    const released = store.release(first.lease);
    expect(keysOf(await claim(store))).toEqual(["TICKET-1", "TICKET-5"]);
    await released;
  });

  test("sees a higher priority and new tickets of others at once", async () => {
    await using store = disposable(await filed("urgent"));
    await using stranger = disposable(other("urgent"));
    await claim(store);
    await stranger.insert([{ task: "urgent", labels: ["agent"], priority: 1 }]);
    expect(keysOf(await claim(store))).toEqual(["TICKET-21", "TICKET-3"]);
    expect(keysOf(await claim(store, 15))).toHaveLength(15);
    await stranger.insert([{ task: "late", labels: ["a"] }]);
    expect(keysOf(await claim(store))).toEqual(["TICKET-19", "TICKET-20"]);
    expect(keysOf(await claim(store))).toEqual(["TICKET-22"]);
  });

  test("finds what others give back: soon, and at once where nothing else fills its hands", async () => {
    await using store = disposable(await filed("given back"));
    await using stranger = disposable(other("given back"));
    const [first, second] = await claim(stranger);
    if (first === undefined || second === undefined) throw new Error("Nothing was claimed.");
    await claim(store);
    await stranger.release(first.lease);
    await delay(110);
    expect(keysOf(await claim(store))).toEqual(["TICKET-1", "TICKET-5"]);
    await claim(store, 14);
    await stranger.release(second.lease);
    expect(keysOf(await claim(store))).toEqual(["TICKET-2", "TICKET-20"]);
  });
});

function disposable(store: TicketStore): TicketStore & AsyncDisposable {
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

test("steps whose plans were made while the tables were empty read no more when they have grown", async () => {
  const namespace = "grows";
  const pool = new pg.Pool({ connectionString: server.url(), max: 1 });
  const worker = postgres(pool, { namespace });
  const work = async (): Promise<void> => {
    const wants = [{ agent: "agent", labels: ["a", "b"], limit: 5 }];
    const claims = await worker.claim({ worker: "worker", leaseMs: 60_000, wants });
    await worker.renew(
      claims.map(({ lease }) => lease),
      60_000,
    );
    const outcome = { status: "done", result: "result" } as const;
    await Promise.all(claims.map(({ lease }) => worker.commit(lease, { outcome })));
  };
  const file = (store: TicketStore): Promise<unknown> =>
    store.insert(Array.from({ length: 500 }, () => ({ task: "task", labels: ["a"] })));
  await worker.insert([{ task: "first", labels: ["a"] }]);
  await worker.insert([{ task: "second", labels: ["b"], blockedBy: ["TICKET-1"] }]);
  for (let round = 0; round < 6; round++) await work();
  const other = postgres(server.url(), { namespace });
  for (let batch = 0; batch < 6; batch++) await file(other);
  await other.close();
  await pool.query("SELECT 1");
  const before = await indexEntriesRead();
  const rounds = 20;
  for (let round = 0; round < rounds; round++) await work();
  await worker.close();
  await pool.end();
  const read = (await indexEntriesRead()) - before;
  // Each of 5 tickets is looked up some ten times a round; a scan of 3,000 would be seen.
  expect(read).toBeGreaterThan(rounds * 5);
  expect(read / rounds).toBeLessThan(500);
});

/** Of all indexes on tickets and their queue, once the counts of sessions that ended have arrived. */
async function indexEntriesRead(): Promise<number> {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  try {
    for (let last = -1, same = 0; ; ) {
      const { rows } = await client.query<{ read: string }>(
        "SELECT sum(idx_tup_read) AS read FROM pg_stat_all_indexes WHERE relname IN ('tickets', 'queue')",
      );
      const read = Number(rows[0]?.read ?? 0);
      same = read === last ? same + 1 : 0;
      if (same >= 6) return read;
      last = read;
      await delay(200);
    }
  } finally {
    await client.end();
  }
}
