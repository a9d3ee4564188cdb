import { inspect } from "node:util";
import type { Claim, TicketStore } from "@agentwerk/core";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { PostgresOptions } from "./postgres-options.ts";
import { postgres } from "./postgres-store.ts";
import { type CuttingProxy, startCuttingProxy } from "./testing/cutting-proxy.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

let server: TestServer;
let proxy: CuttingProxy;
let namespaces = 0;
const stores: TicketStore[] = [];

beforeAll(async () => {
  server = await startTestServer();
}, 120_000);
afterAll(() => server.close(), 60_000);
beforeEach(async () => {
  proxy = await startCuttingProxy(server.port);
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  await proxy.close();
}, 60_000);

const behindProxy = (): string => `postgres://postgres@127.0.0.1:${proxy.port}/postgres`;
const done = { outcome: { status: "done", result: "result" } } as const;

function open(url: string, options: PostgresOptions = {}): TicketStore {
  const store = postgres(url, options);
  stores.push(store);
  return store;
}

async function claimOne(store: TicketStore): Promise<Claim> {
  const [claim] = await store.claim({
    worker: "worker",
    leaseMs: 60_000,
    wants: [{ agent: "agent", labels: [], limit: 1 }],
  });
  if (claim === undefined) throw new Error("There was nothing to claim.");
  return claim;
}

test("a commit whose answer is lost is applied once, and its caller learns how", async () => {
  const namespace = `n${++namespaces}`;
  const store = open(behindProxy(), { namespace });
  await store.insert([{ task: 1 }]);
  const { lease } = await claimOne(store);
  const cut = proxy.cutAfterRequest("the answer gets lost");
  const receipt = await store.commit(lease, {
    outcome: { status: "done", result: "the answer gets lost" },
    children: [{ task: "child" }],
    work: { turns: 1 },
  });
  await cut;
  expect(receipt.children).toMatchObject([{ key: "TICKET-2", task: "child", parent: "TICKET-1" }]);
  expect(await store.find({})).toMatchObject([{ status: "done", work: { turns: 1 } }, { task: "child" }]);
  const events = await store.events({});
  expect(events.map(({ type }) => type)).toEqual([
    "ticket_created",
    "ticket_started",
    "ticket_created",
    "ticket_done",
  ]);
  expect((await store.totals()).all).toMatchObject({ created: 2, done: 1, work: { turns: 1 } });
});

test("an insert without any key whose answer is lost makes its tickets once", async () => {
  const store = open(behindProxy(), { namespace: `n${++namespaces}` });
  await store.insert([{ task: "first" }]);
  const cut = proxy.cutAfterRequest("lost insert");
  const [ticket] = await store.insert([{ task: "lost insert" }]);
  await cut;
  expect(ticket).toMatchObject({ key: "TICKET-2", task: "lost insert" });
  expect(await store.find({})).toHaveLength(2);
});

test("a request that arrives after it was given up for lost is not applied a second time", async () => {
  const store = open(behindProxy(), { namespace: `n${++namespaces}` });
  await store.insert([{ task: "first" }]);
  const kept = proxy.keepRequest("late insert");
  const [ticket] = await store.insert([{ task: "late insert" }]);
  await (await kept).deliver();
  expect(await store.find({})).toHaveLength(2);
  expect(ticket).toMatchObject({ task: "late insert" });
  expect((await store.totals()).all.created).toBe(2);
});

test("a claim whose answer is lost gives its tickets to the one who asked", async () => {
  const store = open(behindProxy(), { namespace: `n${++namespaces}` });
  await store.insert([{ task: 1 }, { task: 2 }]);
  const cut = proxy.cutAfterRequest('"claims"');
  const claims = await store.claim({
    worker: "worker",
    leaseMs: 60_000,
    wants: [{ agent: "agent", labels: [], limit: 2 }],
  });
  await cut;
  expect(claims.map(({ ticket }) => ticket.task)).toEqual([1, 2]);
  for (const { lease } of claims) await store.commit(lease, done);
  expect((await store.totals()).all).toMatchObject({ done: 2, work: { steps: 2 } });
});

test("a reservation whose answer is lost counts once", async () => {
  const store = open(behindProxy(), { namespace: `n${++namespaces}` });
  await store.insert([{ task: 1 }]);
  const { lease } = await claimOne(store);
  const amounts = { cost: 6, inputTokens: 4_242_424, outputTokens: 0 };
  const cut = proxy.cutAfterRequest("4242424");
  expect(await store.reserve(lease, { amounts, ceiling: { maxCost: 10 } })).toEqual({ kind: "granted" });
  await cut;
  expect(await store.account()).toMatchObject({ reserved: { cost: 6 } });
});

test("while the network is cut an operation waits, and goes on when it is back", async () => {
  const store = open(behindProxy(), { namespace: `n${++namespaces}`, statementTimeoutMs: 1_000 });
  await store.insert([{ task: 1 }]);
  const { lease } = await claimOne(store);
  proxy.freeze();
  const commit = store.commit(lease, done);
  // Longer than a statement may take, so that the connection is given up.
  await new Promise((resolve) => setTimeout(resolve, 7_000));
  proxy.thaw();
  await commit;
  expect((await store.totals()).all.done).toBe(1);
}, 60_000);

test("a worker behind a cut network loses its lease to another, and writes nothing when it is back", async () => {
  const namespace = `n${++namespaces}`;
  const cutOff = open(behindProxy(), { namespace, statementTimeoutMs: 1_000 });
  const other = open(server.url(), { namespace });
  await cutOff.insert([{ task: 1 }]);
  const wants = [{ agent: "agent", labels: [], limit: 1 }];
  const [mine] = await cutOff.claim({ worker: "cut off", leaseMs: 500, wants });
  proxy.freeze();
  const late =
    mine === undefined
      ? undefined
      : cutOff.commit(mine.lease, { outcome: { status: "done", result: "late" } });
  late?.catch(() => undefined);
  let theirs: readonly Claim[] = [];
  while (theirs.length === 0) theirs = await other.claim({ worker: "other", leaseMs: 60_000, wants });
  for (const { lease } of theirs) await other.commit(lease, done);
  proxy.thaw();
  await expect(late).rejects.toMatchObject({ code: "lease_lost" });
  expect(await other.find({})).toMatchObject([{ status: "done", result: "result", attempt: 2 }]);
}, 60_000);

test("a server that is killed and comes back loses nothing that was told to be stored", async () => {
  const store = open(server.url(), { namespace: `n${++namespaces}` });
  await store.insert([{ task: 0 }]);
  const told: number[] = [];
  let isOver = false;
  const writing = (async () => {
    for (let task = 1; !isOver; task++) {
      await store.insert([{ task }]);
      told.push(task);
    }
  })();
  for (let round = 0; round < 3; round++) {
    const before = told.length;
    while (told.length < before + 20) await new Promise((resolve) => setTimeout(resolve, 5));
    if (round === 1) await server.stop("immediate");
    else await server.kill();
    await server.start();
  }
  isOver = true;
  await writing;
  const tasks = (await store.find({})).map(({ task }) => task);
  expect(tasks).toEqual([0, ...told]);
  expect((await store.totals()).all.created).toBe(told.length + 1);
}, 120_000);

test("a server that does not come back is told after our patience, with what is not known", async () => {
  const store = open("postgres://postgres@127.0.0.1:1/postgres", { patienceMs: 100 });
  await expect(store.insert([{ task: 1 }])).rejects.toMatchObject({ code: "store_unavailable" });
  await expect(store.find({})).rejects.toMatchObject({ code: "store_unavailable" });
});

test("a server that stays away in the middle of a write leaves its fate open, and the error says so", async () => {
  const store = open(behindProxy(), { namespace: `n${++namespaces}`, patienceMs: 200 });
  await store.insert([{ task: 1 }]);
  await proxy.close();
  await expect(store.insert([{ task: 2 }])).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("is not known: look before you repeat it"),
  });
});

test("workers of any number get a lone ticket's notice without asking, and by asking where nobody may listen", async () => {
  const namespace = `n${++namespaces}`;
  const writer = open(server.url(), { namespace });
  await writer.insert([{ task: 0 }]);
  for (const pooler of [false, true]) {
    const reader = open(server.url(), { namespace, pooler });
    const heard = Promise.withResolvers<void>();
    reader.watch(({ origin }) => (origin === "remote" ? heard.resolve() : undefined));
    await reader.find({});
    await new Promise((resolve) => setTimeout(resolve, 300));
    await writer.insert([{ task: 1 }]);
    await heard.promise;
  }
}, 30_000);

test("a clock that is an hour off changes neither leases nor when to look again", async () => {
  const namespace = `n${++namespaces}`;
  const hour = 3_600_000;
  const clock = {
    now: () => Date.now() + hour,
    setTimer: () => () => undefined,
  };
  const off = open(server.url(), { namespace, clock });
  const right = open(server.url(), { namespace });
  await off.insert([{ task: 1 }]);
  const wants = [{ agent: "agent", labels: [], limit: 1 }];
  const [taken] = await off.claim({ worker: "off", leaseMs: 30_000, wants });
  expect(Math.abs((taken?.lease.expiresAt ?? 0) - Date.now() - 30_000)).toBeLessThan(10_000);
  expect(await right.claim({ worker: "right", leaseMs: 30_000, wants })).toEqual([]);
  if (taken !== undefined) expect(await off.renew([taken.lease], 30_000)).toEqual([]);
  expect(await right.claim({ worker: "right", leaseMs: 30_000, wants })).toEqual([]);
  const { nextAt = 0 } = await off.outlook(wants);
  expect(Math.abs(nextAt - clock.now() - 30_000)).toBeLessThan(10_000);
});

test("a reader of the log misses nothing that is committed late", async () => {
  const namespace = `n${++namespaces}`;
  const store = open(server.url(), { namespace });
  await store.append([{ type: "run_started", worker: "first", labels: [] }]);
  const late = await holdBackEvent(namespace);
  await store.append([{ type: "run_started", worker: "third", labels: [] }]);
  await store.find({});
  const reading = store.events({ after: 1 });
  let isAnswered = false;
  void reading.then(() => {
    isAnswered = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(isAnswered).toBe(false);
  await late.commit();
  expect((await reading).map(({ id }) => id)).toEqual([2, 3]);

  const rolledBack = await holdBackEvent(namespace);
  await store.append([{ type: "run_started", worker: "fifth", labels: [] }]);
  await store.find({});
  const next = store.events({ after: 3 });
  await rolledBack.rollback();
  expect((await next).map(({ id }) => id)).toEqual([5]);
}, 30_000);

test.each([
  "postgres://user:pass#word@127.0.0.1/postgres",
  "postgres://user:secret@127.0.0.1:99999/postgres",
])("a connection string that is no URL is told at once, and its password is not: %s", async (url) => {
  const error: unknown = await open(url)
    .find({})
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "invalid_input", message: expect.stringContaining("%23") });
  expect(inspect(error, { depth: 9 })).not.toMatch(/pass#word|secret/);
});

test("a pool that many stores share is guarded once, for as long as one of them is open", async () => {
  const pool = new pg.Pool({ connectionString: server.url() });
  const sharing = Array.from({ length: 12 }, (_, place) => postgres(pool, { namespace: `shared-${place}` }));
  const listeners = (): number => pool.listenerCount("error");
  expect(listeners()).toBe(1);
  for (const store of sharing.slice(1)) await store.close();
  expect(listeners()).toBe(1);
  await sharing[0]?.close();
  expect(listeners()).toBe(0);
  await pool.end();
});

/** A writer that drew an id for an event and takes its time to commit. */
async function holdBackEvent(
  namespace: string,
): Promise<{ commit(): Promise<void>; rollback(): Promise<void> }> {
  const ready = Promise.withResolvers<void>();
  const go = Promise.withResolvers<"COMMIT" | "ROLLBACK">();
  const ended = withClient(server.url(), async (client) => {
    const { rows } = await client.query("SELECT id FROM agentwerk.namespaces WHERE name = $1", [namespace]);
    const id = Number(rows[0]?.id);
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock_shared(hashtext('\"agentwerk\".events'), $1)", [id]);
    await client.query(
      `INSERT INTO agentwerk.events (namespace, id, type, at, body)
       VALUES ($1, nextval($2), 'run_started', 0, '{"type":"run_started","worker":"late","labels":[]}')`,
      [id, `agentwerk.events_${id}`],
    );
    ready.resolve();
    await client.query(await go.promise);
  });
  await ready.promise;
  const end = async (how: "COMMIT" | "ROLLBACK"): Promise<void> => {
    go.resolve(how);
    await ended;
  };
  return { commit: () => end("COMMIT"), rollback: () => end("ROLLBACK") };
}
