import { expect } from "vitest";
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

export const dependencyCases: readonly StoreCase[] = [
  {
    id: "blocked_until_done",
    title: "a ticket is not claimed before every blocker is done",
    async run({ store }) {
      const [a, b] = await store.insert([{ task: "a" }, { task: "b" }]);
      if (a === undefined || b === undefined) throw new Error("Two tickets were expected.");
      await insertOne(store, { task: "blocked", blockedBy: [a.key, b.key, a.key] });
      const [first, second, ...rest] = await claim(store);
      if (first === undefined || second === undefined) throw new Error("Two claims were expected.");
      expect(rest).toEqual([]);
      await store.commit(first.lease, done);
      expect(await claim(store)).toEqual([]);
      await store.commit(second.lease, done);
      expect(tasksOfClaims(await claim(store))).toEqual(["blocked"]);
    },
  },
  {
    id: "blocked_by_done",
    title: "a blocker that is done already does not block",
    async run({ store }) {
      const blocker = await insertOne(store);
      await store.commit((await claimOne(store)).lease, done);
      await insertOne(store, { task: "free", blockedBy: [blocker.key] });
      expect(tasksOfClaims(await claim(store))).toEqual(["free"]);
    },
  },
  {
    id: "blocked_by_failed",
    title: "a failed or cancelled blocker keeps blocking, until a retry gets it done",
    async run({ store }) {
      const [bad, gone] = await store.insert([{ task: "bad" }, { task: "gone" }]);
      if (bad === undefined || gone === undefined) throw new Error("Two tickets were expected.");
      await insertOne(store, { task: "waits", blockedBy: [bad.key] });
      await insertOne(store, { task: "stuck", blockedBy: [gone.key] });
      await store.commit((await claimOne(store)).lease, failed);
      await store.update(gone.key, { type: "cancel" });
      expect(await claim(store)).toEqual([]);
      expect(await store.prune({})).toBe(0);
      await store.update(bad.key, { type: "retry" });
      await store.commit((await claimOne(store)).lease, done);
      expect(tasksOfClaims(await claim(store))).toEqual(["waits"]);
    },
  },
  {
    id: "blocked_and_not_before",
    title: "an unblocked ticket still waits for its time",
    async run({ store, clock, passTime }) {
      const blocker = await insertOne(store);
      await insertOne(store, { task: "later", blockedBy: [blocker.key], notBefore: clock.now() + 200 });
      await store.commit((await claimOne(store)).lease, done);
      expect(await claim(store)).toEqual([]);
      await passTime(250);
      expect(tasksOfClaims(await claim(store))).toEqual(["later"]);
    },
  },
  {
    id: "children_awaited",
    title: "a ticket that waits for its children goes on when the last of them is final, however it ended",
    async run({ store }) {
      const parent = await insertOne(store, { task: "parent" });
      const { lease } = await claimOne(store);
      const { children } = await store.commit(lease, {
        children: [
          { task: "1", labels: ["c"] },
          { task: "2", labels: ["c"] },
          { task: "3", labels: ["c"] },
        ],
        ...awaitingChildren,
      });
      const [one, two] = await claim(store, { labels: ["c"], limit: 2 });
      if (one === undefined || two === undefined || children[2] === undefined)
        throw new Error("Children are missing.");
      await store.commit(one.lease, done);
      await store.commit(two.lease, failed);
      expect(await ticketNow(store, parent)).toMatchObject({
        status: "waiting",
        waiting: { for: "children" },
      });
      expect(await claim(store)).toEqual([]);
      await store.update(children[2].key, { type: "cancel" });
      const again = await claimOne(store);
      expect(again.ticket).toMatchObject({ task: "parent", attempt: 1 });
      expect(again.ticket).not.toHaveProperty("waiting");
    },
  },
  {
    id: "children_none_open",
    title: "a ticket that waits for children and has none open goes on at once",
    async run({ store }) {
      await insertOne(store, { task: "parent" });
      await store.commit((await claimOne(store)).lease, awaitingChildren);
      expect(tasksOfClaims(await claim(store))).toEqual(["parent"]);
    },
  },
  {
    id: "children_late",
    title: "children count from any insert that names the parent, and again when they are retried",
    async run({ store }) {
      const parent = await insertOne(store, { task: "parent" });
      const running = await claimOne(store);
      const child = await insertOne(store, { task: "child", parent: parent.key, labels: ["c"] });
      await store.commit((await claimOne(store, { labels: ["c"] })).lease, failed);
      await store.update(child.key, { type: "retry" });
      await store.commit(running.lease, awaitingChildren);
      expect(await claim(store)).toEqual([]);
      await store.commit((await claimOne(store, { labels: ["c"] })).lease, done);
      expect(tasksOfClaims(await claim(store))).toEqual(["parent"]);
    },
  },
  {
    id: "children_of_final",
    title: "children go on after their parent ended",
    async run({ store }) {
      const parent = await insertOne(store, { task: "parent" });
      await store.commit((await claimOne(store)).lease, { children: [{ task: "child" }], ...done });
      const child = await claimOne(store);
      await store.commit(child.lease, done);
      expect(await ticketNow(store, parent)).toMatchObject({ status: "done" });
      expect(await store.find({ parent: parent.key })).toMatchObject([{ task: "child", status: "done" }]);
    },
  },
];
