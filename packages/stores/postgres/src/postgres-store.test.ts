import { storeSuite } from "@agentwerk/core/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgres } from "./postgres-store.ts";
import { clockedStores } from "./testing/clocked-store.ts";
import { faultsInTables } from "./testing/faults-in-tables.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let pool: pg.Pool;
let namespaces = 0;
const clocked = clockedStores(() => server.url());

beforeAll(async () => {
  server = await startTestServer();
  pool = new pg.Pool({ connectionString: server.url() });
}, 120_000);
afterAll(async () => {
  await pool.end();
  await clocked.close();
  await server.close();
});

const twoClocks =
  "leases of 30 ms run out between two looks of two engines with clocks of their own; the suite with one clock has it";

storeSuite({
  name: "postgres, the server's clock",
  hasOwnClock: true,
  open: async () => postgres(pool, { namespace: `own ${++namespaces}` }),
  join: async (store, { namespace = store.namespace }) => postgres(pool, { namespace }),
  skip: { model_1: twoClocks, model_2: twoClocks, model_3: twoClocks, model_4: twoClocks },
});

storeSuite({
  name: "postgres, a clock that the suite moves",
  open: ({ clock }) => clocked.open({ clock, namespace: `moved ${++namespaces}` }),
  join: (store, { clock, namespace = store.namespace }) => clocked.open({ clock, namespace }),
});

test.each(["agentwerk", "moved"])(
  "after all of it, the tables of the schema %s fit together",
  async (schema) => {
    expect(await faultsInTables(server.url(), schema)).toEqual([]);
  },
);
