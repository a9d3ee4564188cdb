import { expect } from "vitest";
import { ticketKeyOf } from "../../ticket/ticket-key.ts";
import { asking, claim, claimOne, comment, done, insertOne, type StoreCase, tasksOf } from "./store-case.ts";

export const sharingCases: readonly StoreCase[] = [
  {
    id: "shared_survives_close",
    title: "everything is there when the data is opened again",
    isShared: true,
    async run({ store, join }) {
      const [a] = await store.insert([
        {
          task: { a: 1 },
          labels: ["x"],
          schema: { type: "string" },
          templateVariables: { n: "v" },
          idempotencyKey: "k",
        },
        { task: "b", priority: 1, notBefore: 5, reporter: "Ada" },
        { task: "c" },
      ]);
      if (a === undefined) throw new Error("Tickets were expected.");
      await store.insert([{ task: "blocked", blockedBy: [a.key], parent: a.key }]);
      const { lease } = await claimOne(store, { labels: ["x"] });
      await store.commit(lease, { replies: [comment("hello")], work: { turns: 1, cost: 0.1 }, ...done });
      const parked = await claimOne(store);
      await store.commit(parked.lease, asking);
      const before = {
        tickets: await store.find({}),
        replies: await store.replies(a.key),
        events: await store.events({}),
        totals: await store.totals(),
        outlook: await store.outlook([{ agent: "agent", labels: [], limit: 1 }]),
      };
      const other = await join();
      await store.close();
      expect({
        tickets: await other.find({}),
        replies: await other.replies(a.key),
        events: await other.events({}),
        totals: await other.totals(),
        outlook: await other.outlook([{ agent: "agent", labels: [], limit: 1 }]),
      }).toEqual(before);
      expect(await insertOne(other, { idempotencyKey: "k" })).toMatchObject({ key: a.key });
      expect(await insertOne(other)).toMatchObject({ key: ticketKeyOf(5) });
    },
  },
  {
    id: "shared_one_queue",
    title: "two objects on the same data share one queue and one set of leases",
    isShared: true,
    async run({ store, join }) {
      const other = await join();
      await store.insert(Array.from({ length: 60 }, (_, task) => ({ task })));
      const claims = await Promise.all(
        Array.from({ length: 30 }, (_, place) => claim(place % 2 === 0 ? store : other, { limit: 2 })),
      );
      const leases = claims.flat().map(({ lease }) => lease);
      expect(new Set(leases.map(({ key }) => key)).size).toBe(60);
      await Promise.all(leases.map((lease, place) => (place % 3 === 0 ? other : store).commit(lease, done)));
      expect((await other.totals()).all).toMatchObject({ created: 60, done: 60 });
      const ids = (await store.events({})).map(({ id }) => id);
      expect(ids).toEqual(Array.from({ length: 180 }, (_, place) => place + 1));
    },
  },
  {
    id: "shared_watch",
    title: "a watcher hears that somebody else wrote, and finds what in the log",
    isShared: true,
    async run({ store, join }) {
      const other = await join();
      const heard = Promise.withResolvers<void>();
      other.watch((notice) => {
        if (notice.origin === "remote") heard.resolve();
      });
      await insertOne(store);
      await heard.promise;
      expect(await other.events({})).toHaveLength(1);
    },
  },
  {
    id: "shared_namespaces",
    title: "namespaces on the same data have keys, queues, events and totals of their own",
    isShared: true,
    async run({ store, join }) {
      const other = await join("another project");
      expect(other.namespace).toBe("another project");
      await store.insert([
        { task: "mine", labels: ["x"], idempotencyKey: "k" },
        { task: "mine too", labels: ["x"] },
      ]);
      const [theirs] = await other.insert([{ task: "theirs", labels: ["x"], idempotencyKey: "k" }]);
      expect(theirs?.key).toBe(ticketKeyOf(1));
      expect(tasksOf((await claim(other, { labels: ["x"] })).map(({ ticket }) => ticket))).toEqual([
        "theirs",
      ]);
      expect(await other.outlook([{ agent: "agent", labels: ["x"], limit: 1 }])).toMatchObject({
        todo: 0,
        inProgress: 1,
        claimable: 0,
      });
      expect((await other.events({})).map(({ id }) => id)).toEqual([1, 2]);
      expect((await store.events({})).map(({ id }) => id)).toEqual([1, 2]);
      expect((await other.totals()).labels.x).toMatchObject({ created: 1, work: { steps: 1 } });
      expect((await store.totals()).labels.x).toMatchObject({ created: 2, work: { steps: 0 } });
      expect(tasksOf(await store.find({}))).toEqual(["mine", "mine too"]);
      await expect(other.insert([{ task: "crossing", parent: ticketKeyOf(2) }])).rejects.toMatchObject({
        code: "not_found",
      });
    },
  },
];
