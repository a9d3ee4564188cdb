import { expect } from "vitest";
import { ticketKeyOf } from "../../ticket/ticket-key.ts";
import {
  asking,
  claim,
  claimOne,
  comment,
  done,
  insertOne,
  type StoreCase,
  ticketNow,
} from "./store-case.ts";

const leaseMs = 200;

export const leaseCases: readonly StoreCase[] = [
  {
    id: "lease_runs_out",
    title:
      "a ticket whose lease ran out goes to another worker as a new attempt, with its conversation (invariant 5)",
    async run({ store, passTime }) {
      await insertOne(store);
      const first = await claimOne(store, { worker: "first", leaseMs });
      await store.commit(first.lease, { replies: [comment("half way")] });
      expect(await claim(store)).toEqual([]);
      await passTime(leaseMs + 50);
      const second = await claimOne(store, { worker: "second", leaseMs });
      expect(second.ticket).toMatchObject({
        attempt: 2,
        work: { steps: 2 },
        startedAt: first.ticket.startedAt,
      });
      expect(second.replies).toHaveLength(1);
      expect(second.lease.token).toBeGreaterThan(first.lease.token);
      expect((await store.events({})).at(-1)).toMatchObject({ type: "ticket_resumed", attempt: 2 });
    },
  },
  {
    id: "lease_fences",
    title: "a worker whose ticket was taken over writes nothing, by any method (invariants 1 and 4)",
    async run({ store, passTime }) {
      await insertOne(store);
      const stale = await claimOne(store, { leaseMs });
      await passTime(leaseMs + 50);
      const { ticket, lease } = await claimOne(store, { worker: "second" });
      const before = await store.events({});
      const change = { replies: [comment("stale")], children: [{ task: "child" }], work: { turns: 1 } };
      await expect(store.commit(stale.lease, { ...change, ...done })).rejects.toMatchObject({
        code: "lease_lost",
      });
      await expect(store.release(stale.lease)).rejects.toMatchObject({ code: "lease_lost" });
      expect(await store.renew([stale.lease], leaseMs)).toEqual([ticket.key]);
      expect(await ticketNow(store, ticket)).toEqual(ticket);
      expect(await store.events({})).toEqual(before);
      expect(await store.find({})).toHaveLength(1);
      await store.commit(lease, done);
      expect(await ticketNow(store, ticket)).toMatchObject({ status: "done", result: "result" });
    },
  },
  {
    id: "lease_expired_but_untaken",
    title: "a lease that ran out and that nobody took is still good to write, to renew and to finish",
    async run({ store, passTime }) {
      await insertOne(store, { labels: ["x"] });
      const { ticket, lease } = await claimOne(store, { labels: ["x"], leaseMs });
      await passTime(leaseMs + 50);
      expect(await claim(store, { labels: ["other"] })).toEqual([]);
      await store.commit(lease, { replies: [comment("late")] });
      expect(await store.renew([lease], leaseMs)).toEqual([]);
      expect(await claim(store, { labels: ["x"] })).toEqual([]);
      await passTime(leaseMs + 50);
      expect(await claim(store, { labels: ["other"] })).toEqual([]);
      await store.commit(lease, done);
      expect(await claim(store, { labels: ["x"] })).toEqual([]);
      expect(await ticketNow(store, ticket)).toMatchObject({ status: "done", attempt: 1 });
    },
  },
  {
    id: "lease_renew",
    title: "a renewed lease holds from now on; those that were lost are named",
    async run({ store, passTime }) {
      await store.insert([{ task: "a" }, { task: "b" }]);
      const [first, second] = await claim(store, { leaseMs });
      if (first === undefined || second === undefined) throw new Error("Two tickets were expected.");
      await store.commit(second.lease, done);
      await passTime(leaseMs / 2);
      const unknown = { ...first.lease, key: ticketKeyOf(77) };
      expect(await store.renew([first.lease, second.lease, unknown], leaseMs)).toEqual([
        second.ticket.key,
        unknown.key,
      ]);
      await passTime(leaseMs / 2 + 50);
      expect(await claim(store)).toEqual([]);
    },
  },
  {
    id: "lease_release",
    title: "a released ticket can be claimed at once, in its old place, without a new attempt",
    async run({ store }) {
      await store.insert([{ task: "first" }, { task: "second" }]);
      const first = await claimOne(store);
      await store.release(first.lease);
      await expect(store.commit(first.lease, done)).rejects.toMatchObject({ code: "lease_lost" });
      expect(await ticketNow(store, first.ticket)).toMatchObject({ status: "in_progress" });
      const again = await claimOne(store, { worker: "second" });
      expect(again.ticket).toMatchObject({ task: "first", attempt: 1, work: { steps: 2 } });
      const types = (await store.events({ ticket: first.ticket.key })).map(({ type }) => type);
      expect(types).toEqual(["ticket_created", "ticket_started", "ticket_released", "ticket_resumed"]);
    },
  },
  {
    id: "lease_ends_with_outcome",
    title: "an outcome ends the lease: nothing can be written with it any more",
    async run({ store }) {
      for (const change of [done, asking]) {
        await insertOne(store);
        const { ticket, lease } = await claimOne(store);
        await store.commit(lease, change);
        const after = await ticketNow(store, ticket);
        await expect(store.commit(lease, done)).rejects.toMatchObject({
          code: "lease_lost",
          ticket: ticket.key,
        });
        expect(await store.renew([lease], leaseMs)).toEqual([ticket.key]);
        expect(await ticketNow(store, ticket)).toEqual(after);
      }
    },
  },
  {
    id: "lease_unknown_ticket",
    title: "a lease on a ticket that is not there is lost",
    async run({ store }) {
      await insertOne(store);
      const { lease } = await claimOne(store);
      await expect(store.commit({ ...lease, key: ticketKeyOf(9) }, done)).rejects.toMatchObject({
        code: "lease_lost",
      });
    },
  },
  {
    id: "lease_one_refusal",
    title: "a refused write leaves those that were made at the same moment alone",
    async run({ store }) {
      await store.insert([{ task: "a" }, { task: "b" }, { task: "c" }]);
      const [a, b, c] = await claim(store);
      if (a === undefined || b === undefined || c === undefined)
        throw new Error("Three tickets were expected.");
      const outcomes = await Promise.allSettled([
        store.commit(a.lease, done),
        store.commit({ ...b.lease, token: b.lease.token + 1 }, done),
        store.update(ticketKeyOf(50), { type: "cancel" }),
        store.commit(c.lease, done),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        "fulfilled",
        "rejected",
        "rejected",
        "fulfilled",
      ]);
      expect((await store.find({ status: ["done"] })).map(({ task }) => task)).toEqual(["a", "c"]);
    },
  },
];
