import { expect } from "vitest";
import type { TicketStore } from "../../store/ticket-store.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import {
  awaitingChildren,
  claim,
  claimOne,
  done,
  failed,
  insertOne,
  type StoreCase,
  tasksOfClaims,
  ticketNow,
} from "./store-case.ts";

const typesOf = async (store: TicketStore, ticket: TicketKey): Promise<readonly string[]> =>
  (await store.events({ ticket })).map(({ type }) => type);

async function chain(store: TicketStore, length: number): Promise<readonly Ticket[]> {
  return store.insert(
    Array.from({ length }, (_, place) => ({
      ref: `${place}`,
      task: place,
      ...(place > 0 && { blockedBy: [`${place - 1}`], onBlockerFailed: "fail" as const }),
    })),
  );
}

export const blockerCases: readonly StoreCase[] = [
  {
    id: "blocker_parks",
    title:
      "a failed or cancelled blocker parks its dependents with the reason, and only retries of all of them free those",
    async run({ store }) {
      const [a, b] = await store.insert([{ task: "a" }, { task: "b" }]);
      if (a === undefined || b === undefined) throw new Error("Two tickets were expected.");
      const dependent = await insertOne(store, { task: "dependent", blockedBy: [a.key, b.key] });
      for (const { lease } of await claim(store)) await store.commit(lease, failed);
      expect(await ticketNow(store, dependent)).toMatchObject({
        status: "waiting",
        blocked: true,
        waiting: { for: "blockers", blockers: [a.key, b.key] },
      });
      await store.update(a.key, { type: "retry" });
      expect(await ticketNow(store, dependent)).toMatchObject({ waiting: { blockers: [b.key] } });
      await store.update(b.key, { type: "retry" });
      const free = await ticketNow(store, dependent);
      expect(free).toMatchObject({ status: "todo", blocked: true, attempt: 0 });
      expect(free).not.toHaveProperty("waiting");
      expect(await typesOf(store, dependent.key)).toEqual([
        "ticket_created",
        "ticket_waiting",
        "ticket_waiting",
        "ticket_unparked",
      ]);
      for (const { lease } of await claim(store)) await store.commit(lease, done);
      expect(tasksOfClaims(await claim(store))).toEqual(["dependent"]);
    },
  },
  {
    id: "blocker_fails",
    title: "a dependent that asks for it fails with its blocker, in one transaction, with the reason blocked",
    async run({ store }) {
      const blocker = await insertOne(store, { task: "blocker" });
      const dependent = await insertOne(store, { blockedBy: [blocker.key], onBlockerFailed: "fail" });
      await store.update(blocker.key, { type: "cancel" });
      const after = await ticketNow(store, dependent);
      expect(after).toMatchObject({
        status: "failed",
        failure: { reason: "blocked" },
        onBlockerFailed: "fail",
      });
      expect(after.failure?.message).toContain(blocker.key);
      expect((await store.events({})).map(({ type, ticket }) => [type, ticket])).toEqual([
        ["ticket_created", blocker.key],
        ["ticket_created", dependent.key],
        ["ticket_cancelled", blocker.key],
        ["ticket_failed", dependent.key],
      ]);
      expect((await store.totals()).all).toMatchObject({ failed: 1, cancelled: 1 });
      expect(await store.outlook([])).toMatchObject({ todo: 0, waiting: 0 });
    },
  },
  {
    id: "blocker_fails_chain",
    title: "a failure runs down a chain of thousands, whatever its ends wait for",
    async run({ store }) {
      const tickets = await chain(store, 3_000);
      const [first] = tickets;
      const last = tickets.at(-1);
      if (first === undefined || last === undefined) throw new Error("A chain was expected.");
      const end = await insertOne(store, { task: "end", blockedBy: [last.key] });
      await store.commit((await claimOne(store)).lease, failed);
      expect((await store.totals()).all.failed).toBe(3_000);
      expect(await ticketNow(store, last)).toMatchObject({ failure: { reason: "blocked" } });
      expect(await ticketNow(store, end)).toMatchObject({
        waiting: { for: "blockers", blockers: [last.key] },
      });
    },
  },
  {
    id: "blocker_many",
    title:
      "a ticket behind many blockers that fail names some of them, and is free when the last of all is retried",
    async run({ store }) {
      const count = 130;
      const refs = Array.from({ length: count }, (_, place) => `b${place}`);
      const drafts = refs.map((ref) => ({ ref, task: ref, labels: ["b"] }));
      const end = (await store.insert([...drafts, { task: "end", blockedBy: refs }])).at(-1);
      if (end === undefined) throw new Error("A ticket was expected.");
      const claims = await claim(store, { labels: ["b"], limit: count });
      for (const { lease } of claims) await store.commit(lease, failed);
      const { waiting } = await ticketNow(store, end);
      const named = waiting?.for === "blockers" ? waiting.blockers : [];
      expect(named.length).toBeGreaterThan(0);
      expect(named.length).toBeLessThanOrEqual(100);
      const told = await store.events({ ticket: end.key, types: ["ticket_waiting"], limit: 1_000 });
      expect(told.length).toBeLessThanOrEqual(100);
      for (const [place, { ticket }] of claims.entries()) {
        expect((await ticketNow(store, end)).status, `before retry ${place}`).toBe("waiting");
        await store.update(ticket.key, { type: "retry" });
      }
      expect((await ticketNow(store, end)).status).toBe("todo");
      expect(await claim(store)).toEqual([]);
      for (const { lease } of await claim(store, { labels: ["b"], limit: count }))
        await store.commit(lease, done);
      expect(tasksOfClaims(await claim(store))).toEqual(["end"]);
    },
  },
  {
    id: "blocker_fails_wakes_parent",
    title: "a parent that waits for its children is woken when the last of them fails with its blocker",
    async run({ store }) {
      await insertOne(store, { task: "parent" });
      const { lease } = await claimOne(store);
      await store.commit(lease, {
        children: [
          { ref: "a", task: "a", labels: ["c"] },
          { task: "b", labels: ["c"], blockedBy: ["a"], onBlockerFailed: "fail" },
        ],
        ...awaitingChildren,
      });
      await store.commit((await claimOne(store, { labels: ["c"] })).lease, failed);
      expect(tasksOfClaims(await claim(store))).toEqual(["parent"]);
    },
  },
  {
    id: "blocker_dead_at_insert",
    title: "a blocker that has failed already parks or fails a new ticket at once",
    async run({ store }) {
      const blocker = await insertOne(store);
      await store.commit((await claimOne(store)).lease, failed);
      expect(await insertOne(store, { blockedBy: [blocker.key] })).toMatchObject({
        status: "waiting",
        waiting: { for: "blockers", blockers: [blocker.key] },
      });
      const [a, b] = await store.insert([
        { ref: "a", task: "a", blockedBy: [blocker.key], onBlockerFailed: "fail" },
        { task: "b", blockedBy: ["a"], onBlockerFailed: "fail" },
      ]);
      expect(a).toMatchObject({ status: "failed", failure: { reason: "blocked" } });
      expect(b).toMatchObject({ status: "failed", failure: { reason: "blocked" } });
    },
  },
  {
    id: "blocker_retried_last",
    title: "a dependent that failed with its blocker and is retried first waits for it, and then goes on",
    async run({ store }) {
      const blocker = await insertOne(store, { task: "blocker" });
      const dependent = await insertOne(store, {
        task: "dependent",
        blockedBy: [blocker.key],
        onBlockerFailed: "fail",
      });
      await store.commit((await claimOne(store)).lease, failed);
      expect(await store.update(dependent.key, { type: "retry" })).toMatchObject({
        status: "waiting",
        waiting: { for: "blockers", blockers: [blocker.key] },
      });
      await store.update(blocker.key, { type: "retry" });
      expect(await ticketNow(store, dependent)).toMatchObject({ status: "todo", blocked: true });
      await store.commit((await claimOne(store)).lease, done);
      expect(tasksOfClaims(await claim(store))).toEqual(["dependent"]);
    },
  },
  {
    id: "blocker_parked_steered",
    title: "a parked dependent can be edited, answered and cancelled",
    async run({ store }) {
      const blocker = await insertOne(store);
      const dependent = await insertOne(store, { blockedBy: [blocker.key] });
      await store.update(blocker.key, { type: "cancel" });
      expect(await store.update(dependent.key, { type: "edit", priority: 3 })).toMatchObject({ priority: 3 });
      const content = [{ type: "text", text: "hello" }] as const;
      expect(await store.update(dependent.key, { type: "reply", content })).toMatchObject({
        status: "waiting",
      });
      expect(await claim(store)).toEqual([]);
      expect(await store.update(dependent.key, { type: "cancel" })).toMatchObject({
        status: "cancelled",
        blocked: false,
      });
    },
  },
];
