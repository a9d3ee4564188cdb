// The timeouts that a server's administrator sets, and what becomes of a step in whose middle they strike.
import type { Claim, TicketStore } from "@agentwerk/core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { PostgresOptions } from "./postgres-options.ts";
import { postgres } from "./postgres-store.ts";
import { startCuttingProxy } from "./testing/cutting-proxy.ts";
import { whileLocked } from "./testing/stuck-step.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

const done = { outcome: { status: "done", result: 1 }, work: { turns: 1 } } as const;
let server: TestServer;
let roles = 0;
const stores: TicketStore[] = [];

beforeAll(async () => {
  server = await startTestServer({ settings: ["fsync=off"] });
}, 120_000);
afterAll(() => server.close(), 60_000);
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
}, 60_000);

/** A store, in a namespace of its own, of a role with a setting of the server. */
async function openWith(
  setting: string,
  options: PostgresOptions & { readonly port?: number } = {},
): Promise<TicketStore> {
  const { port = server.port, ...rest } = options;
  const role = `role_${++roles}`;
  await withClient(server.url(), (client) =>
    client.query(`CREATE ROLE ${role} LOGIN SUPERUSER; ALTER ROLE ${role} SET ${setting}`),
  );
  const url = `postgres://${role}@127.0.0.1:${port}/postgres`;
  const store = postgres(url, { namespace: role, statementTimeoutMs: 0, ...rest });
  stores.push(store);
  return store;
}

async function claimOne(store: TicketStore): Promise<Claim> {
  const wants = [{ agent: "agent", labels: [], limit: 1 }];
  const [claim] = await store.claim({ worker: "worker", leaseMs: 60_000, wants });
  if (claim === undefined) throw new Error("There was nothing to claim.");
  return claim;
}

async function expectDoneOnce(store: TicketStore): Promise<void> {
  expect((await store.totals()).all).toMatchObject({ done: 1, work: { steps: 1, turns: 1 } });
  expect((await store.events({})).map(({ type }) => type)).toEqual([
    "ticket_created",
    "ticket_started",
    "ticket_done",
  ]);
}

test.for([
  ["statement_timeout = '300ms'", "within the statement timeout", 140_000],
  ["transaction_timeout = '300ms'", "within the transaction timeout", 170_000],
] as const)(
  "%s in the middle of a commit: nothing is written, the error says so, and the same commit goes through later",
  { timeout: 60_000 },
  async ([setting, message, since], context) => {
    if ((await versionOf(server)) < since) context.skip("the server has no such setting yet");
    const store = await openWith(setting);
    await store.insert([{ task: 1 }]);
    const { lease } = await claimOne(store);
    await whileLocked(server, () =>
      expect(store.commit(lease, done)).rejects.toMatchObject({
        code: "store_busy",
        message: expect.stringMatching(`${message}. Nothing was written; try again.`),
      }),
    );
    expect(await store.find({})).toMatchObject([{ status: "in_progress" }]);
    await store.commit(lease, done);
    await expectDoneOnce(store);
  },
);

test("lock_timeout in the middle of a commit: it is tried again, and is done once when the lock is free", async () => {
  const store = await openWith("lock_timeout = '50ms'");
  await store.insert([{ task: 1 }]);
  const { lease } = await claimOne(store);
  const { committing } = await whileLocked(server, async (stuck) => {
    const going = store.commit(lease, done);
    going.catch(() => undefined);
    await stuck;
    // Longer than the server waits for a lock.
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { committing: going };
  });
  await committing;
  await expectDoneOnce(store);
}, 60_000);

test("a lock that nobody lets go is given up after many tries, with nothing written", async () => {
  const store = await openWith("lock_timeout = '1ms'");
  await store.insert([{ task: 1 }]);
  const { lease } = await claimOne(store);
  await whileLocked(server, () =>
    expect(store.commit(lease, done)).rejects.toMatchObject({
      code: "store_busy",
      message: expect.stringContaining("Nothing was written; try again."),
    }),
  );
  await store.commit(lease, done);
  await expectDoneOnce(store);
}, 60_000);

test("idle_in_transaction_session_timeout in a transaction whose client stalls: it is begun anew, and happens once", async () => {
  const proxy = await startCuttingProxy(server.port);
  try {
    const store = await openWith("idle_in_transaction_session_timeout = '200ms'", { port: proxy.port });
    await store.insert([{ task: 1 }]);
    const { lease } = await claimOne(store);
    const held = proxy.holdRequest("4242424");
    const amounts = { cost: 6, inputTokens: 4_242_424, outputTokens: 0 };
    const reserving = store.reserve(lease, { amounts, ceiling: { maxCost: 10 } });
    reserving.catch(() => undefined);
    const { deliver } = await held;
    await nobodyIdlesInTransaction();
    await deliver();
    expect(await reserving).toEqual({ kind: "granted" });
    expect(await store.account()).toMatchObject({ reserved: { cost: 6 } });
  } finally {
    await proxy.close();
  }
}, 60_000);

async function versionOf(of: TestServer): Promise<number> {
  const { rows } = await withClient(of.url(), (client) =>
    client.query("SELECT current_setting('server_version_num')::integer AS version"),
  );
  return Number(rows[0]?.version);
}

/** The server ends such transactions by itself; this waits until it has. */
async function nobodyIdlesInTransaction(): Promise<void> {
  await withClient(server.url(), async (client) => {
    const sql = "SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'";
    while ((await client.query(sql)).rows.length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });
}
