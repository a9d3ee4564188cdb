import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TicketSystem } from "../system/ticket-system.ts";
import { claim, claimOne, done, failed } from "../testing/store/store-case.ts";
import { memoryStore } from "./memory/memory-store.ts";
import { sqliteStore } from "./sqlite/sqlite-store.ts";
import type { TicketStore } from "./ticket-store.ts";

const depth = 10_000;
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "agentwerk-deep-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const stores: readonly (readonly [name: string, open: () => TicketStore])[] = [
  ["memory", () => memoryStore()],
  ["sqlite", () => sqliteStore({ path: join(dir, "deep.db"), durability: "process" })],
];

/** Tickets of which each names the one before it. */
function chainOf(label: string, tie: (before: string) => object) {
  return Array.from({ length: depth }, (_, place) => ({
    ref: `${label} ${place}`,
    task: place,
    labels: [label],
    ...(place > 0 && tie(`${label} ${place - 1}`)),
  }));
}

describe.each(stores)("chains of 10,000 tickets: %s", (_name, open) => {
  it("of parents under one budget, of blockers that fail, and of many blockers of one", {
    timeout: 120_000,
  }, async () => {
    const store = open();
    await using tickets = new TicketSystem({ store });

    const children = await store.insert(
      chainOf("child", (parent) => ({ parent })).map((draft, place) =>
        place === 0 ? { ...draft, budget: { maxCost: 1 } } : draft,
      ),
    );
    const deepest = children.at(-1);
    expect(deepest?.envelopes).toEqual([{ key: children[0]?.key, maxCost: 1 }]);
    expect(await tickets.explain(deepest?.key ?? "")).toMatchObject({ reason: "no_agent" });
    for (const child of children.slice(0, 10)) await tickets.cancel(child.key);

    const blocked = await store.insert(
      chainOf("blocked", (before) => ({ blockedBy: [before], onBlockerFailed: "fail" as const })),
    );
    await store.commit((await claimOne(store, { labels: ["blocked"] })).lease, failed);
    expect((await store.totals()).all.failed).toBe(depth);
    expect(await tickets.get(blocked.at(-1)?.key ?? "")).toMatchObject({
      failure: { reason: "blocked" },
    });

    const many = chainOf("many", () => ({}));
    const [end] = (
      await store.insert([...many, { task: "end", blockedBy: many.map(({ ref }) => ref) }])
    ).slice(-1);
    const claims = await claim(store, { labels: ["many"], limit: depth });
    await Promise.all(claims.map(({ lease }, place) => store.commit(lease, place % 2 === 0 ? failed : done)));
    expect(await tickets.explain(end?.key ?? "")).toMatchObject({ reason: "blocker_failed" });
    const told = await store.events({ ticket: end?.key, limit: depth });
    // What a ticket tells does not grow with the square of what it waits for.
    expect(JSON.stringify(told).length).toBeLessThan(depth * 100);

    const pruned = await tickets.prune({ status: ["failed", "cancelled", "done"] });
    // Those stay that the last ticket waits for.
    expect(pruned).toBe(depth + 10 + depth / 2);
    await store.close();
  });
});
