import { afterAll, beforeAll, expect, test } from "vitest";
import { postgres } from "./postgres-store.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 120_000);
afterAll(() => server.close(), 60_000);

test("labels that look like parts of an array are labels", async () => {
  const store = postgres(server.url());
  const labels = ['a"b', "c\\d", "{e,f}", "NULL", "g\nh", "ü "];
  for (const label of labels) await store.insert([{ task: label, labels: [label] }]);
  for (const label of labels) {
    const wants = [{ agent: "agent", labels: [label], limit: 5 }];
    const claims = await store.claim({ worker: "worker", leaseMs: 60_000, wants });
    expect(claims.map(({ ticket }) => ticket.task)).toEqual([label]);
  }
  await store.close();
});
