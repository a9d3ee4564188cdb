import type { Clock } from "@agentwerk/core";
import pg from "pg";

/**
 * A pool whose server has the time of `clock`: before each query it is told what time it is, and the function `moment`
 * of the schema is made to believe it.
 */
export function clockedPool(connectionString: string, clock: Clock): pg.Pool {
  const tell = (client: pg.ClientBase): Promise<unknown> =>
    client.query("SELECT set_config('agentwerk.now', $1, false)", [String(clock.now())]);
  class ClockedPool extends pg.Pool {
    // biome-ignore lint/suspicious/noExplicitAny: the overloads of pg are told apart by the caller.
    override async query(...given: any[]): Promise<any> {
      const client = await super.connect();
      try {
        await tell(client);
        return await client.query(given[0], given[1]);
      } finally {
        client.release();
      }
    }

    // biome-ignore lint/suspicious/noExplicitAny: as above.
    override async connect(): Promise<any> {
      const client = await super.connect();
      await tell(client);
      return client;
    }
  }
  // Each test of the suite has pools of its own; what is idle goes soon, so that the server has room for the others.
  return new ClockedPool({ connectionString, max: 4, allowExitOnIdle: true, idleTimeoutMillis: 200 });
}

/** Of a schema that exists. */
export async function obeyClock(pool: pg.Pool, schema: string): Promise<void> {
  await pool.query(
    `CREATE OR REPLACE FUNCTION ${schema}.moment() RETURNS double precision LANGUAGE sql VOLATILE AS
     $$ SELECT current_setting('agentwerk.now')::double precision $$`,
  );
}
