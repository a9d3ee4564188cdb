import { storeSuite } from "@agentwerk/core/testing";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { postgres } from "./postgres-store.ts";
import { openClocked } from "./testing/clocked-store.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let pool: pg.Pool;
let namespaces = 0;
const pools: pg.Pool[] = [];

beforeAll(async () => {
  server = await startTestServer();
  pool = new pg.Pool({ connectionString: server.url() });
}, 120_000);
afterAll(async () => {
  for (const opened of [pool, ...pools]) await opened.end();
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
  open: ({ clock }) => openClocked({ url: server.url(), clock, namespace: `moved ${++namespaces}`, pools }),
  join: (store, { clock, namespace = store.namespace }) =>
    openClocked({ url: server.url(), clock, namespace, pools }),
});
