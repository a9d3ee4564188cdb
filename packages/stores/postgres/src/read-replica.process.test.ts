// A streaming standby: the log followed by many readers while the primary writes, and what a copy cannot do.
import type { AgentwerkEvent, TicketStore } from "@agentwerk/core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { migratePostgres } from "./admin.ts";
import type { PostgresOptions } from "./postgres-options.ts";
import { postgres } from "./postgres-store.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

const wants = [{ agent: "agent", labels: [], limit: 5 }];
let primary: TestServer;
let copy: TestServer;
let namespaces = 0;
const stores: TicketStore[] = [];

beforeAll(async () => {
  primary = await startTestServer({ settings: ["fsync=off"] });
  await migratePostgres(primary.url());
  copy = await startTestServer({ copyOf: primary, settings: ["fsync=off"] });
}, 120_000);
afterAll(async () => {
  await copy.close();
  await primary.close();
}, 60_000);
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
}, 60_000);

function open(server: TestServer, options: PostgresOptions): TicketStore {
  const store = postgres(server.url(), options);
  stores.push(store);
  return store;
}

test("many readers of the copy see each event once and in order while the primary writes", async () => {
  const namespace = `n${++namespaces}`;
  const writers = [1, 2, 3].map(() => open(primary, { namespace }));
  await writers[0]?.insert([{ task: "first" }]);
  await replayed();
  let newest = Number.POSITIVE_INFINITY;
  const readers = Array.from({ length: 8 }, async (_, place) => {
    const store = open(copy, { namespace, migrate: false, poolSize: 1 });
    const seen: AgentwerkEvent[] = [];
    while (Number(seen.at(-1)?.id ?? 0) < newest) {
      const page = await store.events({ after: seen.at(-1)?.id ?? 0, limit: 7 + 13 * place });
      seen.push(...page);
      if (page.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return seen;
  });
  await Promise.all(
    writers.map(async (store, place) => {
      for (let round = 0; round < 25; round++) {
        await store.insert([{ task: `${place} ${round}` }, { task: `${place} ${round} again` }]);
        const claims = await store.claim({ worker: `w${place}`, leaseMs: 60_000, wants });
        await Promise.all(
          claims.map(({ lease }) => store.commit(lease, { outcome: { status: "done", result: round } })),
        );
      }
    }),
  );
  const all = (await writers[0]?.events({ limit: 100_000 })) ?? [];
  newest = all.at(-1)?.id ?? 0;
  expect(all.length).toBeGreaterThan(400);
  for (const seen of await Promise.all(readers)) expect(seen).toEqual(all);
}, 120_000);

test("the copy answers whatever reads, and tells a listener of what others wrote", async () => {
  const namespace = `n${++namespaces}`;
  const writer = open(primary, { namespace });
  const [ticket] = await writer.insert([{ task: 1, labels: ["a"] }]);
  if (ticket === undefined) throw new Error("Nothing was filed.");
  await replayed();
  const reader = open(copy, { namespace, migrate: false, pollMs: 50 });
  expect(await reader.find({})).toEqual(await writer.find({}));
  expect(await reader.get(ticket.key)).toEqual(ticket);
  expect(await reader.replies(ticket.key)).toEqual([]);
  expect(await reader.totals()).toEqual(await writer.totals());
  expect(await reader.account()).toEqual(await writer.account());
  const heard = Promise.withResolvers<void>();
  reader.watch(({ origin }) => (origin === "remote" ? heard.resolve() : undefined));
  await reader.find({});
  // Until the listener has looked a first time, there is nothing that is new to it.
  const writing = setInterval(() => void writer.insert([{ task: 2 }]).catch(() => undefined), 100);
  await heard.promise;
  clearInterval(writing);
}, 60_000);

test("writing to the copy is refused, and the error says where to write", async () => {
  const namespace = `n${++namespaces}`;
  await open(primary, { namespace }).insert([{ task: 1 }]);
  await replayed();
  const reader = open(copy, { namespace, migrate: false, patienceMs: 0 });
  const refused = {
    code: "store_unavailable",
    message: expect.stringContaining("Write to the primary server"),
  };
  const insert = reader.insert([{ task: 2 }]);
  await expect(insert).rejects.toMatchObject(refused);
  await expect(insert).rejects.not.toThrow("is not known");
  await expect(reader.claim({ worker: "w", leaseMs: 1_000, wants })).rejects.toMatchObject(refused);
  expect(await reader.find({})).toHaveLength(1);
}, 60_000);

test("a copy that lags leaves what lies behind a gap for later, whatever its clock says", async () => {
  const namespace = `n${++namespaces}`;
  const writer = open(primary, { namespace });
  await writer.append([run("first")]);
  const id = await numberOf(namespace);
  await withClient(primary.url(), async (late) => {
    await late.query("BEGIN");
    await late.query(insertEvent(id, "late"));
    await writer.append([run("third")]);
    // The copy's clock is an hour on, as if the network between them had been away for so long.
    await setClock("clock_timestamp() + interval '1 hour'");
    await replayed();
    const reader = open(copy, { namespace, migrate: false });
    expect(await reader.events({ after: 1 })).toEqual([]);
    expect(await reader.events({ after: 0, types: ["run_started"], limit: 1 })).toHaveLength(1);
    expect(await reader.events({ after: 1, types: ["run_started"] })).toEqual([]);
    await late.query("COMMIT");
    await setClock("clock_timestamp()");
    await replayed();
    expect((await reader.events({ after: 1 })).map((event) => event.id)).toEqual([2, 3]);
  });
}, 60_000);

test("what was rolled back is passed over once the copy has replayed much later commits", async () => {
  const namespace = `n${++namespaces}`;
  const writer = open(primary, { namespace });
  await writer.append([run("first")]);
  const id = await numberOf(namespace);
  await withClient(primary.url(), async (client) => {
    await client.query(`BEGIN; ${insertEvent(id, "rolled back")}; ROLLBACK`);
    // Of a minute ago, by the server's clock.
    await client.query(insertEvent(id, "third", "agentwerk.moment() - 60000"));
  });
  await replayed();
  const reader = open(copy, { namespace, migrate: false });
  expect((await reader.events({})).map((event) => event.id)).toEqual([1, 3]);
}, 60_000);

function run(worker: string): { type: "run_started"; worker: string; labels: string[] } {
  return { type: "run_started", worker, labels: [] };
}

function insertEvent(namespace: number, worker: string, at = "agentwerk.moment()"): string {
  return `INSERT INTO agentwerk.events (namespace, id, type, at, body)
    VALUES (${namespace}, nextval('agentwerk.events_${namespace}'), 'run_started', ${at}, '${JSON.stringify(run(worker))}')`;
}

async function numberOf(namespace: string): Promise<number> {
  const { rows } = await withClient(primary.url(), (client) =>
    client.query("SELECT id FROM agentwerk.namespaces WHERE name = $1", [namespace]),
  );
  return Number(rows[0]?.id);
}

function setClock(now: string): Promise<unknown> {
  return withClient(primary.url(), (client) =>
    client.query(`CREATE OR REPLACE FUNCTION agentwerk.moment() RETURNS double precision LANGUAGE sql VOLATILE AS
      $$ SELECT floor(extract(epoch FROM ${now}) * 1000)::double precision $$`),
  );
}

/** Until the copy has everything that the primary has now. */
async function replayed(): Promise<void> {
  const { rows } = await withClient(primary.url(), (client) =>
    client.query("SELECT pg_current_wal_lsn()::text AS position"),
  );
  await withClient(copy.url(), async (client) => {
    const sql = "SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS done";
    while ((await client.query(sql, [rows[0]?.position])).rows[0]?.done !== true)
      await new Promise((resolve) => setTimeout(resolve, 10));
  });
}
