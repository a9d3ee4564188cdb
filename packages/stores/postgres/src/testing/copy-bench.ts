import { type Claim, noUsage, type ReplyDraft, type TicketStore } from "@agentwerk/core";
import { sqliteArchive, sqliteStore } from "@agentwerk/core/sqlite";
import type { StoreArchive } from "@agentwerk/core/store-kit";
import type { StorePlace } from "../copy-store.ts";
import { postgresArchive } from "../postgres-archive.ts";
import { postgres } from "../postgres-store.ts";

export function storeAt({ url, namespace }: StorePlace): TicketStore {
  return url.startsWith("postgres:") ? postgres(url, { namespace }) : sqliteStore({ path: url, namespace });
}

export function archiveAt({ url, namespace }: StorePlace): StoreArchive {
  return url.startsWith("postgres:")
    ? postgresArchive(url, { namespace })
    : sqliteArchive({ path: url, namespace });
}

export const comment = (text: string): ReplyDraft => ({
  message: { role: "user", content: [{ type: "text", text }] },
  purpose: "comment",
});

export async function claim(store: TicketStore, labels: readonly string[]): Promise<Claim> {
  const [found] = await store.claim({
    worker: "worker",
    leaseMs: 60_000,
    wants: [{ agent: "agent", labels, limit: 1 }],
  });
  if (found === undefined) throw new Error("There was nothing to claim.");
  return found;
}

/** Tickets of every kind: done, failed, retried, parked, blocked, pruned, with budgets and keys. */
export async function fill(store: TicketStore): Promise<void> {
  await store.insert([
    {
      task: { deep: [1, "ü\u0000"] },
      labels: ["a"],
      idempotencyKey: "k",
      schema: { type: "string" },
      budget: { maxCost: 5 },
    },
    { task: "fails", labels: ["b"] },
    { task: "asks", labels: ["c"], reporter: "Ada" },
    { ref: "x", task: "blocker", labels: ["d"] },
    { task: "blocked", blockedBy: ["x"], priority: 2 },
    { task: "pruned", labels: ["e"] },
  ]);
  const first = await claim(store, ["a"]);
  await store.commit(first.lease, {
    replies: [comment("one"), comment("two")],
    work: {
      turns: 2,
      cost: 0.25,
      usage: { ...noUsage, inputTokens: 10, outputTokens: 5 },
    },
    children: [{ task: "child", labels: ["f"] }],
  });
  await store.commit(first.lease, {
    replies: [comment("three")],
    outcome: { status: "done", result: { ok: true } },
  });
  const failing = await claim(store, ["b"]);
  await store.commit(failing.lease, {
    outcome: { status: "failed", failure: { reason: "given_up", message: "no" } },
  });
  await store.update(failing.ticket.key, { type: "retry", note: "again" });
  const asking = await claim(store, ["c"]);
  await store.commit(asking.lease, {
    outcome: { status: "waiting", waiting: { for: "reply", question: "Which?" } },
  });
  const pruned = await claim(store, ["e"]);
  await store.commit(pruned.lease, { outcome: { status: "done", result: 1 }, work: { turns: 7 } });
  await store.prune({ labels: ["e"] });
}
