import { afterAll, beforeAll, expect, test } from "vitest";
import { postgres } from "../postgres-store.ts";
import { faultsInTables } from "./faults-in-tables.ts";
import { startTestServer, type TestServer, withClient } from "./test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ settings: ["fsync=off"] });
}, 120_000);
afterAll(() => server.close(), 60_000);

test.each([
  ["DELETE FROM agentwerk.queue WHERE number = 1", "is not in the queue"],
  ["UPDATE agentwerk.queue SET rank = 1 WHERE number = 1", "should not be in the queue"],
  ["UPDATE agentwerk.tickets SET lease_until = 1 WHERE number = 1", "is leased, and nobody works it"],
  [
    "UPDATE agentwerk.tickets SET worker = 'w' WHERE status = 'done'",
    "is final, and has a worker, a place or no end",
  ],
  ["UPDATE agentwerk.tallies SET todo = todo + 1 WHERE label = ''", "open tickets are counted wrongly"],
  ["UPDATE agentwerk.tickets SET turns = turns + 1 WHERE number = 3", "a sum is not that of the tickets"],
  ["UPDATE agentwerk.envelopes SET cost = cost + 1", "what an envelope spent is not that of its tickets"],
  ["UPDATE agentwerk.blockers SET blocker = 3", "blocks, and is not there"],
  ["UPDATE agentwerk.tickets SET open_blockers = 2 WHERE number = 2", "has other blockers than it counts"],
  ["UPDATE agentwerk.tickets SET parent = 1 WHERE number = 2", "has other children than it counts"],
  ["UPDATE agentwerk.replies SET first = 1", "a conversation has a gap"],
  ["DELETE FROM agentwerk.replies", "has other replies than it counts"],
  ["UPDATE agentwerk.replies SET ticket = 9", "replies of no ticket"],
  ["UPDATE agentwerk.idempotency_keys SET number = 2", "a key of no ticket"],
  ["DELETE FROM agentwerk.events WHERE type = 'ticket_created'", "was not told once that it was filed"],
])("%s is found", async (damage, fault) => {
  const url = await server.createDatabase();
  const store = postgres(url);
  await store.insert([
    { task: "open", idempotencyKey: "key" },
    { task: "blocks", labels: ["a"] },
  ]);
  await store.insert([{ task: "done", labels: ["b"], priority: 0.1 + 0.2, budget: { maxCost: 9 } }]);
  await store.insert([{ task: "waits", blockedBy: ["TICKET-2"] }]);
  const wants = [{ agent: "agent", labels: ["b"], limit: 1 }];
  const [claim] = await store.claim({ worker: "worker", leaseMs: 60_000, wants });
  if (claim === undefined) throw new Error("Nothing was claimed.");
  const text = { type: "text", text: "half \ud800" } as const;
  await store.commit(claim.lease, {
    replies: [{ purpose: "answer", message: { role: "assistant", content: [text] } }],
    work: { turns: 1, cost: 0.1 },
    outcome: { status: "done", result: "result" },
  });
  await store.close();
  expect(await faultsInTables(url)).toEqual([]);
  await withClient(url, (client) => client.query(damage));
  expect((await faultsInTables(url)).join("\n")).toContain(fault);
});
