import { TicketSystem } from "@agentwerk/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migratePostgres, postgresStatus } from "./admin.ts";
import { copyStore } from "./copy-store.ts";
import { postgresArchive } from "./postgres-archive.ts";
import { postgresPlugin } from "./postgres-plugin.ts";
import { postgres } from "./postgres-store.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 120_000);
afterAll(() => server.close(), 60_000);

const done = { outcome: { status: "done", result: 1 } } as const;

test("workers and readers do with the rights that are granted to them, and have no others", async () => {
  const database = new URL(await server.createDatabase());
  const as = (role: string): string => Object.assign(new URL(database), { username: role }).href;
  await withClient(database.href, (client) =>
    client.query(`CREATE ROLE owner LOGIN; CREATE ROLE worker LOGIN; CREATE ROLE reader LOGIN;
      GRANT CREATE ON DATABASE ${database.pathname.slice(1)} TO owner`),
  );
  await expect(postgres(as("worker")).find({})).rejects.toMatchObject({ code: "store_unavailable" });
  await expect(postgres(as("worker"), { migrate: false }).find({})).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("store migrate"),
  });
  const grants = { workers: ["worker"], readers: ["reader"] };
  expect(await migratePostgres(as("owner"), grants)).toMatchObject({ version: 0 });
  const worker = postgres(as("worker"), { migrate: false });
  await worker.insert([{ task: 1 }, { task: 2 }]);
  const wants = [{ agent: "agent", labels: [], limit: 1 }];
  const [claim] = await worker.claim({ worker: "w", leaseMs: 60_000, wants });
  if (claim === undefined) throw new Error("There was nothing to claim.");
  expect(
    await worker.reserve(claim.lease, { amounts: { cost: 1, inputTokens: 1, outputTokens: 1 } }),
  ).toEqual({
    kind: "granted",
  });
  await worker.commit(claim.lease, done);
  expect(await worker.prune({})).toBe(1);

  const reader = postgres(as("reader"), { migrate: false });
  expect(await reader.find({})).toHaveLength(1);
  expect(await reader.replies((await reader.find({}))[0]?.key ?? claim.ticket.key)).toEqual([]);
  expect((await reader.events({})).length).toBeGreaterThan(2);
  expect((await reader.totals()).all.created).toBe(2);
  expect(await reader.outlook(wants)).toMatchObject({ todo: 1, claimable: 1 });
  expect(await reader.account()).toMatchObject({ reserved: { cost: 0 } });
  await expect(reader.insert([{ task: 3 }])).rejects.toMatchObject({ code: "store_unavailable" });
  for (const role of ["worker", "reader"]) {
    await withClient(as(role), async (client) => {
      await expect(client.query("UPDATE agentwerk.tickets SET status = 'done'")).rejects.toMatchObject({
        code: "42501",
      });
      await expect(client.query("DELETE FROM agentwerk.events")).rejects.toMatchObject({ code: "42501" });
    });
  }
  await worker.close();
  await reader.close();
}, 60_000);

test("a role that is not there is told before anything is changed", async () => {
  const url = await server.createDatabase();
  await expect(migratePostgres(url, { workers: ["postgres"], readers: ['gh"ost'] })).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining('CREATE ROLE "gh""ost" LOGIN'),
  });
  expect(await postgresStatus(url)).toMatchObject({ version: 0 });
});

test("a reader copies a namespace that came after the grants, and can write into none", async () => {
  const database = new URL(await server.createDatabase());
  const later = Object.assign(new URL(database), { username: "later_reader" }).href;
  await withClient(database.href, (client) => client.query("CREATE ROLE later_reader LOGIN"));
  await migratePostgres(database.href, { readers: ["later_reader"] });
  const store = postgres(database.href, { namespace: "later" });
  await store.insert([{ task: 1 }]);
  await store.close();
  await using snapshot = await postgresArchive(later, { namespace: "later" }).open();
  expect(snapshot.counts).toMatchObject({ tickets: 1, events: 1 });
  const kinds: string[] = [];
  for await (const { kind } of snapshot.records()) kinds.push(kind);
  expect(kinds).toEqual(["namespace", "ticket", "event", "tally", "end"]);
  const refused = { code: "store_unavailable", message: expect.stringContaining("refused a right") };
  const to = { url: later, namespace: "later still" };
  await expect(copyStore({ url: database.href, namespace: "later" }, to)).rejects.toMatchObject(refused);
}, 60_000);

test("many that open a new schema at once make it once; the status tells what is there", async () => {
  const url = await server.createDatabase();
  expect(await postgresStatus(url)).toMatchObject({ version: 0, namespaces: [] });
  const stores = Array.from({ length: 8 }, () => postgres(url, { namespace: "shared" }));
  await Promise.all(stores.map((store, task) => store.insert([{ task }])));
  expect(await stores[0]?.find({})).toHaveLength(8);
  const status = await postgresStatus(url);
  expect(status).toMatchObject({
    version: 1,
    known: 1,
    namespaces: [{ name: "shared", tickets: 8, events: 8 }],
  });
  expect(status.bytes).toBeGreaterThan(0);
  for (const store of stores) await store.close();
}, 60_000);

test("a schema of a later version is used as long as it says so, and refused otherwise", async () => {
  const url = await server.createDatabase();
  await migratePostgres(url);
  const later = (compatibleFrom: number): Promise<unknown> =>
    withClient(url, (client) =>
      client.query(
        "INSERT INTO agentwerk.migrations VALUES (2, $1) ON CONFLICT (version) DO UPDATE SET compatible_from = $1",
        [compatibleFrom],
      ),
    );
  await later(1);
  const store = postgres(url);
  await store.insert([{ task: 1 }]);
  await store.close();
  await later(2);
  await expect(postgres(url).find({})).rejects.toMatchObject({ code: "unsupported" });
}, 60_000);

test("a URL opens a store through the plugin", async () => {
  const url = await server.createDatabase();
  const tickets = new TicketSystem({
    store: url,
    namespace: "through the plugin",
    plugins: [postgresPlugin()],
  });
  await tickets.task("A task.");
  await tickets.close();
  const store = postgres(url, { namespace: "through the plugin" });
  expect(await store.find({})).toMatchObject([{ task: "A task." }]);
  await store.close();
}, 60_000);

test("options that make no sense are refused by name", () => {
  for (const [target, options, field] of [
    ["mysql://x", {}, "url"],
    ["postgres://x", { schema: "Robert'); --" }, "schema"],
    ["postgres://x", { namespace: "" }, "namespace"],
    ["postgres://x", { poolSize: 0 }, "poolSize"],
    ["postgres://x", { pollMs: 0 }, "pollMs"],
  ] as const) {
    expect(() => postgres(target, options), field).toThrow(
      expect.objectContaining({ code: "invalid_input", field }),
    );
  }
});
