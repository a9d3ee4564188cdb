import { expect } from "vitest";
import { claim, claimOne, insertOne, type StoreCase, tasksOfClaims, ticketNow } from "./store-case.ts";

export const claimCases: readonly StoreCase[] = [
  {
    id: "claim_order",
    title: "tickets are claimed by priority, then by insertion",
    async run({ store }) {
      await store.insert([
        { task: "a" },
        { task: "b", priority: 1 },
        { task: "c", priority: -1 },
        { task: "d", priority: 0.5 },
        { task: "e" },
        { task: "f", priority: 1 },
      ]);
      expect(tasksOfClaims(await claim(store, { limit: 2 }))).toEqual(["b", "f"]);
      expect(tasksOfClaims(await claim(store))).toEqual(["d", "a", "e", "c"]);
      expect(await claim(store)).toEqual([]);
    },
  },
  {
    id: "claim_marks",
    title: "a claim starts the ticket: status, agent, attempt, steps, start, lease and event",
    async run({ store }) {
      const inserted = await insertOne(store, { labels: ["x"] });
      const [taken] = await claim(store, { worker: "w", leaseMs: 5_000, labels: ["x"] });
      expect(taken).toMatchObject({
        agent: "agent",
        replies: [],
        ticket: { key: inserted.key, status: "in_progress", agent: "agent", attempt: 1, work: { steps: 1 } },
        lease: { key: inserted.key, worker: "w" },
      });
      expect(taken?.lease.expiresAt).toBe((taken?.ticket.startedAt ?? 0) + 5_000);
      expect(await store.get(inserted.key)).toEqual(taken?.ticket);
      expect((await store.events({})).at(-1)).toMatchObject({
        type: "ticket_started",
        ticket: inserted.key,
        agent: "agent",
        labels: ["x"],
        attempt: 1,
      });
      expect((await store.totals()).labels.x?.work.steps).toBe(1);
    },
  },
  {
    id: "claim_labels",
    title:
      "a want takes tickets with at least one of its labels; without labels, only tickets that have none",
    async run({ store }) {
      await store.insert([
        { task: "x", labels: ["x"] },
        { task: "none" },
        { task: "xy", labels: ["x", "y"] },
        { task: "z", labels: ["z"] },
        { task: "y", labels: ["y"] },
      ]);
      expect(tasksOfClaims(await claim(store, { labels: [] }))).toEqual(["none"]);
      expect(tasksOfClaims(await claim(store, { labels: ["y", "z"] }))).toEqual(["xy", "z", "y"]);
      expect(tasksOfClaims(await claim(store, { labels: ["y", "x", "x"] }))).toEqual(["x"]);
    },
  },
  {
    id: "claim_empty_label",
    title: "an empty text among the labels of a want stands for tickets without labels",
    async run({ store }) {
      await store.insert([{ task: "none" }, { task: "x", labels: ["x"] }, { task: "y", labels: ["y"] }]);
      const wants = [{ agent: "agent", labels: ["", "x"], limit: 10 }];
      expect((await store.outlook(wants)).claimable).toBe(2);
      expect(tasksOfClaims(await claim(store, { wants }))).toEqual(["none", "x"]);
    },
  },
  {
    id: "claim_wants",
    title: "each want of a claim gets up to its limit, none gets a ticket twice, earlier ones choose first",
    async run({ store }) {
      await store.insert([
        { task: "1", labels: ["a"] },
        { task: "2", labels: ["a", "b"] },
        { task: "3", labels: ["b"] },
        { task: "4", labels: ["b"] },
      ]);
      const claims = await claim(store, {
        wants: [
          { agent: "nobody", labels: ["a"], limit: 0 },
          { agent: "A", labels: ["a"], limit: 2 },
          { agent: "B", labels: ["b"], limit: 1 },
        ],
      });
      expect(claims.map(({ agent, ticket }) => `${agent}${ticket.task}`)).toEqual(["A1", "A2", "B3"]);
    },
  },
  {
    id: "claim_not_before",
    title: "a ticket is not claimed before its time, and in its order after it",
    async run({ store, clock, passTime }) {
      await store.insert([
        { task: "later", labels: ["x"], notBefore: clock.now() + 200, priority: 1 },
        { task: "past", labels: ["x"], notBefore: clock.now() - 200 },
        { task: "now", labels: ["x"] },
      ]);
      expect(tasksOfClaims(await claim(store, { labels: ["x"], limit: 1 }))).toEqual(["past"]);
      await passTime(250);
      expect(tasksOfClaims(await claim(store, { labels: ["x"] }))).toEqual(["later", "now"]);
    },
  },
  {
    id: "claim_once",
    title: "claims that run at once never take the same ticket (invariant 1)",
    async run({ store }) {
      await store.insert(Array.from({ length: 100 }, (_, place) => ({ task: place, labels: ["a", "b"] })));
      const claims = await Promise.all(
        Array.from({ length: 40 }, (_, place) =>
          claim(store, { labels: [place % 2 === 0 ? "a" : "b"], limit: 3 }),
        ),
      );
      const taken = claims.flat().map(({ ticket }) => ticket.key);
      expect(taken).toHaveLength(100);
      expect(new Set(taken).size).toBe(100);
    },
  },
  {
    id: "claim_refuses",
    title: "a claim with a wrong limit, lease, worker, agent or label is refused by name",
    async run({ store }) {
      const ticket = await insertOne(store);
      const wants = [{ agent: "agent", labels: [], limit: 1 }];
      for (const [request, field] of [
        [{ worker: "", leaseMs: 1_000, wants }, "worker"],
        [{ worker: "half\ud800", leaseMs: 1_000, wants }, "worker"],
        [
          { worker: "w", leaseMs: 1_000, wants: [{ agent: "nul\u0000", labels: [], limit: 1 }] },
          "wants[0].agent",
        ],
        [
          { worker: "w", leaseMs: 1_000, wants: [{ agent: "agent", labels: ["half\ud800"], limit: 1 }] },
          "wants[0].labels",
        ],
        [{ worker: "w", leaseMs: 0, wants }, "leaseMs"],
        [{ worker: "w", leaseMs: Number.NaN, wants }, "leaseMs"],
        [
          { worker: "w", leaseMs: 1_000, wants: [{ agent: "agent", labels: [], limit: -1 }] },
          "wants[0].limit",
        ],
      ] as const) {
        await expect(store.claim(request), field).rejects.toMatchObject({ code: "invalid_input", field });
      }
      expect(await ticketNow(store, ticket)).toEqual(ticket);
    },
  },
  {
    id: "outlook_refuses",
    title: "an outlook for wants that no claim may have is refused by the field",
    async run({ store }) {
      await insertOne(store, { labels: ["a"] });
      const want = { agent: "agent", labels: ["a"], limit: 1 };
      for (const [odd, field] of [
        [{ agent: "nul\u0000" }, "wants[1].agent"],
        [{ labels: ["half\ud800"] }, "wants[1].labels"],
        [{ limit: -1 }, "wants[1].limit"],
      ] as const) {
        const asked = store.outlook([want, { ...want, ...odd }]);
        await expect(asked, field).rejects.toMatchObject({ code: "invalid_input", field });
      }
      expect(await store.outlook([want])).toMatchObject({ claimable: 1 });
    },
  },
  {
    id: "claim_conversation",
    title: "a claim brings the conversation so far, in order",
    async run({ store }) {
      await insertOne(store);
      const first = await claimOne(store);
      for (const text of ["one", "two", "three"]) {
        await store.commit(first.lease, {
          replies: [{ message: { role: "user", content: [{ type: "text", text }] }, purpose: "directive" }],
        });
      }
      await store.release(first.lease);
      const second = await claimOne(store);
      expect(second.replies.map(({ index }) => index)).toEqual([0, 1, 2]);
      expect(second.replies).toEqual(await store.replies(first.ticket.key));
      expect(second.ticket.replies).toBe(3);
    },
  },
];
