import type { TicketStore } from "@agentwerk/core";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgres } from "./postgres-store.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 120_000);
afterAll(() => server.close(), 60_000);

const started = (worker: string) => ({ type: "run_started", worker, labels: [] }) as const;

/** A store whose reader, once it has waited for the writers of a gap, goes on only after `meanwhile`. */
function openSlowReader(
  namespace: string,
  meanwhile: () => Promise<void>,
): { store: TicketStore; pool: pg.Pool } {
  class SlowPool extends pg.Pool {
    // biome-ignore lint/suspicious/noExplicitAny: the overloads of pg are told apart by the caller.
    override async query(...given: any[]): Promise<any> {
      const answer = await super.query(given[0], given[1]);
      if (String(given[0]).includes("settle_events")) await meanwhile();
      return answer;
    }
  }
  const pool = new SlowPool({ connectionString: server.url() });
  return { store: postgres(pool, { namespace }), pool };
}

test.each([{}, { types: ["run_started" as const] }])(
  "an id that is drawn while a reader waits for a gap is not passed over: %j",
  async (query) => {
    const namespace = `gap ${JSON.stringify(query)}`;
    const writer = postgres(server.url(), { namespace });
    await writer.append([started("first")]);
    await withClient(server.url(), async (client) => {
      const { rows } = await client.query("SELECT id FROM agentwerk.namespaces WHERE name = $1", [namespace]);
      const id = Number(rows[0]?.id);
      const draw = `SELECT nextval('agentwerk.events_${id}')`;
      // A step that was rolled back leaves a gap for good.
      await client.query(draw);
      await writer.append([started("third")]);
      const { store, pool } = openSlowReader(namespace, async () => {
        await client.query("BEGIN");
        await client.query("SELECT pg_advisory_xact_lock_shared(hashtext('\"agentwerk\".events'), $1)", [id]);
        await client.query(
          `INSERT INTO agentwerk.events (namespace, id, type, at, body)
           VALUES ($1, nextval($2), 'run_started', 0, '{"type":"run_started","worker":"late","labels":[]}')`,
          [id, `agentwerk.events_${id}`],
        );
        await writer.append([started("fifth")]);
      });
      const before = await store.events(query);
      await client.query("COMMIT");
      const after = await writer.events({ ...query, after: before.at(-1)?.id ?? 0 });
      expect([...before, ...after].map(({ id: of }) => of)).toEqual([1, 3, 4, 5]);
      await store.close();
      await pool.end();
    });
    await writer.close();
  },
);
