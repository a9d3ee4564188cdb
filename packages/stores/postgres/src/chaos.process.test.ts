import { afterAll, beforeAll, expect, test } from "vitest";
import { postgres } from "./postgres-store.ts";
import { faultsInTables } from "./testing/faults-in-tables.ts";
import { startWorker, type Worker } from "./testing/start-worker.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

/** `AGENTWERK_CHAOS=full`: the long run, 5,000 tickets and a minute of kills. */
const isFull = process.env.AGENTWERK_CHAOS === "full";
const ticketCount = isFull ? 5_000 : 500;
const killForMs = isFull ? 60_000 : 15_000;
const workerCount = 4;
/** Each ticket that is filed is handed over so many times. */
const handovers = 4;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 120_000);
afterAll(() => server.close(), 60_000);

test(
  `${ticketCount} tickets have one outcome each while workers are killed at random`,
  async () => {
    const url = server.url();
    const namespace = "chaos";
    await withClient(url, (client) =>
      client.query(
        "CREATE TABLE effects (namespace text, ticket text, call_id text, worker text, at timestamptz DEFAULT now())",
      ),
    );
    const store = postgres(url, { namespace });
    const roots = ticketCount / (handovers + 1);
    await store.insert(Array.from({ length: roots }, () => ({ task: `depth ${handovers}` })));

    const workers = new Set<Worker>();
    let started = 0;
    const add = (): void => {
      const worker = startWorker(url, namespace, "system");
      started += 1;
      workers.add(worker);
      void worker.ended.then(() => workers.delete(worker));
    };
    for (let count = 0; count < workerCount; count++) add();
    let kills = 0;
    const deadline = Date.now() + killForMs;
    while (Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 500));
      const working = [...workers].filter(({ lines }) => lines.includes("started"));
      const victim = working[Math.floor(Math.random() * working.length)];
      if (victim !== undefined) {
        victim.child.kill("SIGKILL");
        kills += 1;
      }
      while (workers.size < workerCount) add();
      const { todo, inProgress, waiting } = await store.outlook([]);
      if (todo + inProgress + waiting === 0) break;
    }
    await Promise.all([...workers].map(({ ended }) => ended));
    let last = startWorker(url, namespace, "system");
    for (let code = await last.ended; code !== 0; code = await last.ended) {
      expect(last.errors).toEqual([]);
      last = startWorker(url, namespace, "system");
    }
    expect(last.lines).toContain("ended drained");

    const tickets = await store.find({});
    // A chain that broke shows first as the ticket that it broke at, with its reason.
    expect(tickets.filter(({ status }) => status !== "done")).toEqual([]);
    expect(tickets).toHaveLength(ticketCount);
    await withClient(url, async (client) => {
      const ends = await client.query(
        "SELECT ticket FROM agentwerk.events WHERE type IN ('ticket_done', 'ticket_failed', 'ticket_cancelled') GROUP BY ticket HAVING count(*) <> 1",
      );
      expect(ends.rows).toEqual([]);
      const twice = await client.query("SELECT call_id FROM effects GROUP BY call_id HAVING count(*) > 1");
      expect(twice.rows, "one call ran twice").toEqual([]);
      const { rows } = await client.query<{ ticket: string; count: number }>(
        "SELECT ticket, count(*)::integer AS count FROM effects GROUP BY ticket",
      );
      const effects = new Map(rows.map(({ ticket, count }) => [ticket, count]));
      let interrupted = 0;
      for (const { key } of tickets) {
        const blocks = (await store.replies(key)).flatMap(({ message }) =>
          message.role === "tool" ? message.content : [],
        );
        const told = blocks.filter(({ isError }) => isError === true).length;
        interrupted += told;
        // A further effect is one that the model asked for after it was told that the fate of the first is not known.
        expect(effects.get(key) ?? 0, key).toBeGreaterThanOrEqual(1);
        expect(effects.get(key) ?? 0, key).toBeLessThanOrEqual(1 + told);
      }
      const totals = (await store.totals()).all;
      expect(totals).toMatchObject({ created: ticketCount, done: ticketCount, failed: 0 });
      process.stdout.write(
        `chaos: ${ticketCount} tickets, ${started} workers, ${kills} kills, ${interrupted} calls interrupted, ${totals.work.steps - ticketCount} tickets taken over\n`,
      );
    });
    const ids = (await store.events({ limit: 1_000_000 })).map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((left, right) => left - right));
    await store.close();
    expect(await faultsInTables(url)).toEqual([]);
  },
  isFull ? 600_000 : 180_000,
);
