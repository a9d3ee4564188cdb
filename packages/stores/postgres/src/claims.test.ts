import { setTimeout as delay } from "node:timers/promises";
import type { TicketStore } from "@agentwerk/core";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgres } from "./postgres-store.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

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
