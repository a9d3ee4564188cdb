import type { Clock, TicketStore } from "@agentwerk/core";
import { storeSuite } from "@agentwerk/core/testing";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import { resolveOptions } from "./postgres-options.ts";
import { openStore, postgres } from "./postgres-store.ts";
import { clockedPool, obeyClock } from "./testing/clocked-pool.ts";
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
  open: (options) => openClocked({ ...options, namespace: `moved ${++namespaces}` }),
  join: (store, { clock, namespace = store.namespace }) => openClocked({ clock, namespace }),
});

async function openClocked(options: {
  readonly clock: Clock;
  readonly namespace: string;
}): Promise<TicketStore> {
  const schema = "moved";
  const clocked = clockedPool(server.url(), options.clock);
  pools.push(clocked);
  const resolved = resolveOptions(clocked, { ...options, schema });
  await migrate(openDatabase(resolved));
  await obeyClock(clocked, schema);
  return openStore(resolved, { now: () => options.clock.now(), learn: () => undefined });
}
