import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TicketStore } from "@agentwerk/core";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { PostgresOptions } from "./postgres-options.ts";
import { postgres } from "./postgres-store.ts";
import { findPgBouncer, type PgBouncer, startPgBouncer } from "./testing/pgbouncer.ts";
import { startWorker } from "./testing/start-worker.ts";
import { endBackend, whileLocked } from "./testing/stuck-step.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

const dir = mkdtempSync(join(tmpdir(), "agentwerk-pgbouncer-deb-"));
const program = await findPgBouncer(dir);
const wants = [{ agent: "agent", labels: [], limit: 5 }];
const done = { outcome: { status: "done", result: 1 } } as const;
let server: TestServer;
let namespaces = 0;
const stores: TicketStore[] = [];

beforeAll(async () => {
  server = await startTestServer({ settings: ["fsync=off"] });
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
}, 60_000);
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
}, 60_000);

function open(url: string, options: PostgresOptions): TicketStore {
  const store = postgres(url, options);
  stores.push(store);
  return store;
}

/** A pooler for one test. */
async function pooler(
  mode: "transaction" | "session",
  options: { readonly poolSize: number; readonly settings?: readonly string[] },
): Promise<PgBouncer> {
  if ("missing" in program) throw new Error(program.missing);
  const bouncer = await startPgBouncer(server, { program, mode, ...options });
  onTestFinished(() => bouncer.close());
  return bouncer;
}

describe.skipIf("missing" in program)(
  `PgBouncer${"missing" in program ? ` (skipped: ${program.missing})` : ""}`,
  () => {
    test("ten stores on two connections of a transaction pooler without prepared statements finish each ticket once", async () => {
      const bouncer = await pooler("transaction", { poolSize: 2 });
      const namespace = `n${++namespaces}`;
      const all = Array.from({ length: 10 }, () =>
        open(bouncer.url, { namespace, pooler: true, poolSize: 2 }),
      );
      const count = 80;
      await all[0]?.insert(Array.from({ length: count }, (_, task) => ({ task, budget: { maxCost: 5 } })));
      await Promise.all(all.map(drain));
      const [store] = all;
      expect((await store?.totals())?.all).toMatchObject({
        created: count,
        done: count,
        work: { steps: count, cost: count },
      });
      const events = (await store?.events({ limit: 10 * count })) ?? [];
      expect(events.filter(({ type }) => type === "ticket_done")).toHaveLength(count);
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      const pools = await bouncer.ask("SHOW SERVERS");
      expect(pools.filter(({ database }) => database === "postgres").length).toBeLessThanOrEqual(2);
    }, 60_000);

    test("worker processes behind a transaction pooler finish each ticket once", async () => {
      const bouncer = await pooler("transaction", { poolSize: 4 });
      const namespace = `n${++namespaces}`;
      const store = open(bouncer.url, { namespace, pooler: true });
      await store.insert(Array.from({ length: 60 }, (_, task) => ({ task })));
      const workers = Array.from({ length: 3 }, () =>
        startWorker(bouncer.url, namespace, "drain", { pooler: true }),
      );
      for (const worker of workers) expect(await worker.ended, worker.errors.join("\n")).toBe(0);
      expect((await store.totals()).all).toMatchObject({ created: 60, done: 60, work: { steps: 60 } });
    }, 60_000);

    test("nothing is left on the connections that others get next", async () => {
      const bouncer = await pooler("transaction", { poolSize: 1 });
      const state = (): Promise<Readonly<Record<string, unknown>>> =>
        withClient(`${bouncer.url}?application_name=probe`, async (client) => {
          const { rows: settings } = await client.query(
            "SELECT name, setting FROM pg_settings WHERE source = 'session' ORDER BY name",
          );
          const { rows: prepared } = await client.query(
            "SELECT count(*)::int AS count FROM pg_prepared_statements",
          );
          const { rows: channels } = await client.query("SELECT pg_listening_channels() AS channel");
          const { rows: locks } = await client.query(
            "SELECT count(*)::int AS count FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
          );
          const { rows: backend } = await client.query("SELECT pg_backend_pid() AS pid");
          return { settings, prepared, channels, locks, backend };
        });
      const before = await state();
      const store = open(bouncer.url, { namespace: `n${++namespaces}`, schema: "leaks", pooler: true });
      store.watch(() => undefined);
      await store.insert([{ task: 1, budget: { maxCost: 5 } }]);
      await drain(store);
      await store.close();
      expect(await state()).toEqual(before);
    }, 60_000);

    test("what others write is found by looking where nothing can be heard, however often", async () => {
      const bouncer = await pooler("transaction", { poolSize: 2 });
      const namespace = `n${++namespaces}`;
      const writer = open(bouncer.url, { namespace, pooler: true });
      await writer.insert([{ task: 0 }]);
      const reader = open(bouncer.url, { namespace, pooler: true, pollMs: 100 });
      const told = notices(reader);
      await reader.find({});
      for (let round = 0; round < 5; round++) {
        const next = told.next();
        await writer.insert([{ task: round }]);
        await next;
      }
      expect(await listeners()).toBe(0);
    }, 60_000);

    test("a way past the pooler hears at once, and does not look in between", async () => {
      const bouncer = await pooler("transaction", { poolSize: 2 });
      const namespace = `n${++namespaces}`;
      const writer = open(bouncer.url, { namespace, pooler: true });
      await writer.insert([{ task: 0 }]);
      const hour = 3_600_000;
      const reader = open(bouncer.url, { namespace, pooler: true, listen: server.url(), pollMs: hour });
      const told = notices(reader);
      await reader.find({});
      await until(async () => (await listeners()) === 1);
      const next = told.next();
      await writer.insert([{ task: 1 }]);
      await next;
    }, 60_000);

    test("a pooler that takes LISTEN and drops what follows is found out, and looked past", async () => {
      const bouncer = await pooler("transaction", {
        poolSize: 2,
        settings: ["ignore_startup_parameters = statement_timeout"],
      });
      const namespace = `n${++namespaces}`;
      const writer = open(server.url(), { namespace });
      await writer.insert([{ task: 0 }]);
      const reader = open(bouncer.url, { namespace, pollMs: 100 });
      const told = notices(reader);
      await reader.find({});
      for (let round = 0; round < 3; round++) {
        const next = told.next();
        await writer.insert([{ task: round }]);
        await next;
      }
    }, 60_000);

    test("in session mode notifications get through", async () => {
      const bouncer = await pooler("session", {
        poolSize: 20,
        settings: ["ignore_startup_parameters = statement_timeout"],
      });
      const namespace = `n${++namespaces}`;
      const hour = 3_600_000;
      const [writer, reader] = [
        open(bouncer.url, { namespace }),
        open(bouncer.url, { namespace, pollMs: hour }),
      ];
      await writer.insert([{ task: 0 }]);
      const told = notices(reader);
      await reader.find({});
      await until(async () => (await listeners()) === 1);
      const next = told.next();
      await writer.insert([{ task: 1 }]);
      await next;
      await Promise.all([writer, reader].map(drain));
      expect((await writer.totals()).all).toMatchObject({ created: 2, done: 2 });
    }, 60_000);

    test("a connection that the server ends in the middle of a commit: the commit happens once, and its caller learns of it", async () => {
      const bouncer = await pooler("transaction", {
        poolSize: 3,
        settings: ["server_login_retry = 1"],
      });
      const namespace = `n${++namespaces}`;
      const store = open(bouncer.url, { namespace, pooler: true });
      await store.insert([{ task: 1 }, { task: 2 }]);
      const claims = await store.claim({ worker: "worker", leaseMs: 60_000, wants });
      for (const { lease } of claims) {
        const committing = await whileLocked(server, async (stuck) => {
          const going = store.commit(lease, { ...done, work: { turns: 1 } });
          going.catch(() => undefined);
          await endBackend(server, await stuck);
          return { going };
        });
        await committing.going;
      }
      expect((await store.totals()).all).toMatchObject({ done: 2, work: { steps: 2, turns: 2 } });
      expect(await store.events({ types: ["ticket_done"] })).toHaveLength(2);
    }, 60_000);

    test("a server that restarts behind the pooler under load loses nothing and does nothing twice", async () => {
      const bouncer = await pooler("transaction", {
        poolSize: 3,
        settings: ["server_login_retry = 1"],
      });
      const namespace = `n${++namespaces}`;
      const all = Array.from({ length: 4 }, () => open(bouncer.url, { namespace, pooler: true }));
      const count = 100;
      await all[0]?.insert(Array.from({ length: count }, (_, task) => ({ task })));
      const working = Promise.all(all.map(drain));
      working.catch(() => undefined);
      for (let round = 0; round < 2; round++) {
        await until(async () => Number((await all[0]?.totals())?.all.done) >= 20 * (round + 1));
        await server.stop(round === 0 ? "fast" : "immediate");
        await server.start();
      }
      await working;
      const [store] = all;
      expect((await store?.totals())?.all).toMatchObject({
        created: count,
        done: count,
        work: { steps: count },
      });
      expect(await store?.events({ limit: 10 * count, types: ["ticket_done"] })).toHaveLength(count);
    }, 60_000);

    test("a pooler that is not told of is refused, with what to do", async () => {
      const bouncer = await pooler("transaction", { poolSize: 2 });
      await expect(open(bouncer.url, { patienceMs: 0 }).find({})).rejects.toMatchObject({
        code: "store_unavailable",
        message: expect.stringContaining("pooler: true"),
      });
    }, 60_000);
  },
);

/** Claims, reserves and finishes until there is nothing more. */
async function drain(store: TicketStore): Promise<void> {
  for (;;) {
    const claims = await store.claim({ worker: "worker", leaseMs: 60_000, wants });
    for (const { lease } of claims) {
      await store.reserve(lease, {
        amounts: { cost: 1, inputTokens: 1, outputTokens: 1 },
        ceiling: { maxCost: 10_000 },
      });
      await store.commit(lease, { ...done, reservation: "settled", work: { cost: 1 } });
    }
    const { todo, inProgress } = await store.outlook(wants);
    if (claims.length === 0 && todo + inProgress === 0) return;
  }
}

function notices(store: TicketStore): { next(): Promise<void> } {
  let heard = Promise.withResolvers<void>();
  store.watch(({ origin }) => {
    if (origin === "remote") heard.resolve();
  });
  return {
    next() {
      heard = Promise.withResolvers<void>();
      return heard.promise;
    },
  };
}

/** How many backends last said LISTEN. */
function listeners(): Promise<number> {
  return withClient(server.url(), async (client) => {
    const { rows } = await client.query(
      "SELECT count(*)::int AS count FROM pg_stat_activity WHERE query LIKE 'LISTEN %'",
    );
    return Number(rows[0]?.count);
  });
}

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 20));
}
