// JSON can hold halves of surrogate pairs and the character 0, which PostgreSQL refuses to read as text.
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgres } from "./postgres-store.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ settings: ["fsync=off"] });
}, 120_000);
afterAll(() => server.close(), 60_000);

const texts = [
  "half \ud800 of it",
  "and \udc00 the other",
  "zero \u0000",
  "C:\\ud800",
  "C:\\\u0000",
  "\ud83d\ude00",
];

test.each(texts)(
  "a ticket with the text %j can be asked for by its other fields, and be removed",
  async (task) => {
    const store = postgres(server.url(), { namespace: JSON.stringify(task) });
    const [ticket] = await store.insert([
      { task, reporter: "ann", idempotencyKey: "key" },
      { task: "other" },
    ]);
    if (ticket === undefined) throw new Error("Nothing was filed.");
    const ofAnn = { kind: "compare", field: "reporter", comparison: "=", value: "ann" } as const;
    expect(await store.find({ where: ofAnn })).toMatchObject([{ key: ticket.key, task }]);
    const [claim] = await store.claim({
      worker: "w",
      leaseMs: 60_000,
      wants: [{ agent: "a", labels: [], limit: 1 }],
    });
    if (claim === undefined) throw new Error("Nothing was claimed.");
    const failure = { reason: "turns_exhausted", message: task } as const;
    await store.commit(claim.lease, { outcome: { status: "failed", failure } });
    const exhausted = {
      kind: "compare",
      field: "failure",
      comparison: "=",
      value: "turns_exhausted",
    } as const;
    expect(await store.find({ where: exhausted })).toMatchObject([{ key: ticket.key }]);
    expect(await store.prune({})).toBe(1);
    const [again] = await store.insert([{ task: "another", idempotencyKey: "key" }]);
    expect(again).toMatchObject({ task: "another" });
    await store.close();
  },
);

test("what stands beside an unreadable character is found", async () => {
  const store = postgres(server.url(), { namespace: "beside" });
  await store.insert([{ task: 'half \ud800 of "it"' }]);
  const compare = (value: string) => ({ kind: "compare", field: "task", comparison: "~", value }) as const;
  expect(await store.find({ where: compare('of "IT"') })).toHaveLength(1);
  expect(await store.find({ where: compare("of them") })).toEqual([]);
  await store.close();
});
