// What an administrator may have set for a server, a database or a role, and that no store can work with.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { migratePostgres } from "./admin.ts";
import { copyStore } from "./copy-store.ts";
import { postgresKnowledge } from "./postgres-knowledge.ts";
import { postgres } from "./postgres-store.ts";
import { faultsInTables } from "./testing/faults-in-tables.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

let server: TestServer;
let roles = 0;
const closing: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  server = await startTestServer({ settings: ["fsync=off"] });
  await migratePostgres(server.url());
}, 120_000);
afterAll(() => server.close(), 60_000);
afterEach(async () => {
  for (const store of closing.splice(0)) await store.close();
});

/** The URL of a role with a setting. */
async function withSetting(setting: string): Promise<string> {
  const role = `role_${++roles}`;
  await withClient(server.url(), (client) =>
    client.query(`CREATE ROLE ${role} LOGIN SUPERUSER; ALTER ROLE ${role} SET ${setting}`),
  );
  return `postgres://${role}@127.0.0.1:${server.port}/postgres`;
}

test.each([
  ["default_transaction_isolation = 'repeatable read'", /default isolation repeatable read/],
  ["default_transaction_isolation = 'serializable'", /default isolation serializable/],
  ["extra_float_digits = 0", /extra_float_digits/],
  ["extra_float_digits = -15", /extra_float_digits/],
])("%s is refused at the first use, also for reading and for knowledge", async (setting, message) => {
  const url = await withSetting(setting);
  const store = postgres(url);
  const knowledge = postgresKnowledge(url);
  closing.push(store, knowledge);
  const refusal = { code: "unsupported", message: expect.stringMatching(message) };
  await expect(store.insert([{ task: 1 }])).rejects.toMatchObject(refusal);
  await expect(store.find({})).rejects.toMatchObject(refusal);
  await expect(knowledge.list()).rejects.toMatchObject(refusal);
});

test("a copy reads every digit, whatever the role has set", async () => {
  const [priority, cost] = [0.1 + 0.2, 1.1 + 2.2];
  const store = postgres(server.url(), { namespace: "digits" });
  const copy = postgres(server.url(), { namespace: "digits copied" });
  closing.push(store, copy);
  await store.insert([{ task: 1, priority }]);
  const [claim] = await store.claim({
    worker: "w",
    leaseMs: 1,
    wants: [{ agent: "a", labels: [], limit: 1 }],
  });
  if (claim === undefined) throw new Error("Nothing was claimed.");
  await store.commit(claim.lease, { work: { cost }, outcome: { status: "done", result: 1 } });
  const url = await withSetting("extra_float_digits = 0");
  await copyStore({ url, namespace: "digits" }, { url: server.url(), namespace: "digits copied" });
  expect(await copy.find({})).toMatchObject([{ priority, work: { cost } }]);
  expect((await copy.totals()).all.work.cost).toBe(cost);
  expect(await faultsInTables(server.url())).toEqual([]);
});

test("what reads only is told so, and by which setting", async () => {
  const url = await withSetting("default_transaction_read_only = on");
  await postgres(server.url(), { namespace: "only read" }).insert([{ task: 1 }]);
  const store = postgres(url, { namespace: "only read", migrate: false, patienceMs: 100 });
  closing.push(store);
  expect(await store.find({})).toHaveLength(1);
  await expect(store.insert([{ task: 2 }])).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringMatching(/only reads.*default_transaction_read_only/),
  });
});
