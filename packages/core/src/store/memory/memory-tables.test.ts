import { expect, test } from "vitest";
import { systemClock } from "../../util/clock.ts";
import type { Later } from "../engine/tables.ts";
import { Transaction } from "../engine/transaction.ts";
import { writeOperations } from "../engine/write-operations.ts";
import { TallyBook } from "../rules/tally-book.ts";
import { MemoryTables } from "./memory-tables.ts";

test("tickets that are filed, worked and pruned leave nothing behind: 10,000 with parents and labels of their own", async () => {
  const tables = new MemoryTables();
  const encode = (): string => "";
  const tally = new TallyBook();
  const run = async <T>(work: (tx: Transaction) => Later<T>): Promise<T> => {
    const tx = new Transaction({ tables, now: systemClock.now(), encode, tally });
    const later = work(tx);
    tx.flush();
    return later();
  };
  const store = writeOperations(run, encode);
  const sizes: number[] = [];
  for (let round = 0; round < 1_000; round++) {
    await store.insert([
      { ref: "root", task: "root", labels: ["take", `own-${round}`] },
      ...Array.from({ length: 9 }, (_, child) => ({
        task: child,
        parent: "root",
        labels: ["take", `child-${round}-${child}`, "rarely"],
        idempotencyKey: `${round}-${child}`,
      })),
    ]);
    const wants = [{ agent: "a", labels: ["take"], limit: 10 }];
    const claims = await store.claim({ worker: "w", wants, leaseMs: 1_000 });
    expect(claims).toHaveLength(10);
    for (const { lease } of claims) await store.commit(lease, { outcome: { status: "done", result: 1 } });
    // The children last, as when parents are pruned by age.
    tables.prune({ keys: claims.slice(0, 1).map(({ lease }) => lease.key) });
    tables.prune({});
    sizes.push(tables.entries);
  }
  expect(Math.max(...sizes)).toBeLessThan(400);
});
