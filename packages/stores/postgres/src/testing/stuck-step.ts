import { type TestServer, withClient } from "./test-server.ts";

/**
 * Nobody writes events while `work` goes on, so that steps get stuck in their middle. `stuck` answers with the backend of
 * the first that does.
 */
export function whileLocked<T>(server: TestServer, work: (stuck: Promise<number>) => Promise<T>): Promise<T> {
  return withClient(server.url(), async (client) => {
    await client.query("BEGIN; LOCK TABLE agentwerk.events IN SHARE MODE");
    const result = await work(findStuck(server));
    await client.query("ROLLBACK");
    return result;
  });
}

/** Ends a backend from outside, as an administrator does. */
export async function endBackend(server: TestServer, pid: number): Promise<void> {
  await withClient(server.url(), (client) => client.query("SELECT pg_terminate_backend($1, 10000)", [pid]));
}

function findStuck(server: TestServer): Promise<number> {
  return withClient(server.url(), async (client) => {
    for (;;) {
      const { rows } = await client.query(
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%.step(%'",
      );
      if (rows[0] !== undefined) return Number(rows[0].pid);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
}
