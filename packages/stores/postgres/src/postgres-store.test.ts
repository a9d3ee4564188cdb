import type { Clock, TicketStore } from "@agentwerk/core";
import { storeSuite } from "@agentwerk/core/testing";
import type pg from "pg";
import { afterAll, afterEach, beforeAll } from "vitest";
import { openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import { resolveOptions } from "./postgres-options.ts";
import { openStore, postgres } from "./postgres-store.ts";
import { clockedPool, obeyClock } from "./testing/clocked-pool.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let schemas = 0;
const schemaOf = new WeakMap<TicketStore, string>();
const pools: pg.Pool[] = [];

beforeAll(async () => {
  server = await startTestServer();
}, 120_000);
afterAll(() => server.close());
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.end();
});

const twoClocks =
  "leases of 30 ms run out between two looks of two engines with clocks of their own; the suite with one clock has it";

storeSuite({
  name: "postgres, the server's clock",
  hasOwnClock: true,
  open: async ({ namespace }) => openAt(`own_${++schemas}`, namespace),
  join: async (store, { namespace }) => openAt(schemaOf.get(store) ?? "", namespace),
  skip: { model_1: twoClocks, model_2: twoClocks, model_3: twoClocks, model_4: twoClocks },
});

storeSuite({
  name: "postgres, a clock that the suite moves",
  open: (options) => openClocked(`moved_${++schemas}`, options),
  join: (store, options) => openClocked(schemaOf.get(store) ?? "", options),
});

function openAt(schema: string, namespace: string | undefined): TicketStore {
  const store = postgres(server.url(), { schema, namespace });
  schemaOf.set(store, schema);
  return store;
}

async function openClocked(
  schema: string,
  { clock, namespace }: { readonly clock: Clock; readonly namespace?: string | undefined },
): Promise<TicketStore> {
  const pool = clockedPool(server.url(), clock);
  pools.push(pool);
  const options = resolveOptions(pool, { schema, namespace, clock });
  await migrate(openDatabase(options));
  await obeyClock(pool, schema);
  const store = openStore(options, { now: () => clock.now(), learn: () => undefined });
  schemaOf.set(store, schema);
  return store;
}
