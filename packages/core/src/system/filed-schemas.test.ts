import { expect, test } from "vitest";
import { compileJsonSchema } from "../schema/compile-json-schema.ts";
import { memoryStore } from "../store/memory/memory-store.ts";
import { FiledSchemas } from "./filed-schemas.ts";

test("schemas of 10,000 tickets that ended elsewhere or were pruned are not kept; those of open and failed ones are", async () => {
  const store = memoryStore();
  const schemas = new FiledSchemas(store);
  const schema = compileJsonSchema({ type: "object" });
  const [open] = await store.insert([{ task: "open", labels: ["later"] }]);
  if (open === undefined) throw new Error("Nothing was filed.");
  schemas.keep(open.key, schema);
  const failed: string[] = [];
  let most = 0;
  for (let round = 0; round < 100; round++) {
    const tickets = await store.insert(Array.from({ length: 100 }, (_, task) => ({ task })));
    for (const { key } of tickets) schemas.keep(key, schema);
    const wants = [{ agent: "a", labels: [], limit: 100 }];
    const claims = await store.claim({ worker: "elsewhere", wants, leaseMs: 60_000 });
    for (const [place, { lease }] of claims.entries()) {
      const failure = { reason: "given_up", message: "No." } as const;
      if (place === 0) failed.push(lease.key);
      const outcome =
        place === 0 ? { status: "failed" as const, failure } : { status: "done" as const, result: {} };
      await store.commit(lease, { outcome });
    }
    if (round % 2 === 0) await store.prune({ status: ["done"] });
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, schemas.size);
  }

  expect(most).toBeLessThan(2_500);
  for (const { key } of [open, ...(await store.find({ status: ["failed"] }))])
    expect(schemas.get(key)).toBe(schema);
  expect(failed).toHaveLength(100);
});
