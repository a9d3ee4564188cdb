import { expect } from "vitest";
import type { TicketDraft } from "../../ticket/ticket-draft.ts";
import { ticketKeyOf } from "../../ticket/ticket-key.ts";
import { claim, claimOne, done, insertOne, type StoreCase, tasksOf, tasksOfClaims } from "./store-case.ts";

/** What drafts of one insert may say about each other, and the first words of the refusal. */
const refused: readonly (readonly [drafts: readonly TicketDraft[], field: string, text: string])[] = [
  [[{ ref: "a", task: 1, blockedBy: ["a"] }], "drafts[0].blockedBy", "a → a"],
  [
    [
      { ref: "a", task: 1, blockedBy: ["b"] },
      { ref: "b", task: 2, blockedBy: ["c"] },
      { ref: "c", task: 3, blockedBy: ["a"] },
    ],
    "drafts[0].blockedBy",
    "a → b → c → a",
  ],
  [
    [
      { ref: "a", task: 1, parent: "b" },
      { ref: "b", task: 2, parent: "a" },
    ],
    "drafts[0].parent",
    "a → b → a",
  ],
  [
    [
      { ref: "a", task: 1, blockedBy: ["b"], idempotencyKey: "same" },
      { ref: "b", task: 2, idempotencyKey: "same" },
    ],
    "drafts[0].blockedBy",
    "a → a",
  ],
  [[{ task: 1, blockedBy: ["nobody"] }], "drafts[0].blockedBy[0]", "ref of a draft"],
  [[{ ref: "TICKET-1", task: 1 }], "drafts[0].ref", "not of the form"],
  [
    [
      { ref: "a", task: 1 },
      { ref: "a", task: 2 },
    ],
    "drafts[1].ref",
    "another draft",
  ],
  [[{ task: 1, onBlockerFailed: "explode" as "fail" }], "drafts[0].onBlockerFailed", "wait"],
  [[{ task: 1, labels: [" "] }], "drafts[0].labels", "not blank"],
];

export const batchCases: readonly StoreCase[] = [
  {
    id: "batch_refs",
    title: "drafts of one insert name each other, before and behind them, as blockers and parents",
    async run({ store }) {
      const before = await insertOne(store, { task: "before" });
      await store.commit((await claimOne(store)).lease, done);
      const tickets = await store.insert([
        { ref: "report", task: "report", blockedBy: ["scan", before.key, "read"] },
        { ref: "scan", task: "scan", parent: "report" },
        { ref: "read", task: "read", parent: "report", blockedBy: ["scan"] },
      ]);
      expect(tickets).toMatchObject([
        { key: ticketKeyOf(2), blockedBy: [before.key, ticketKeyOf(3), ticketKeyOf(4)], blocked: true },
        { key: ticketKeyOf(3), parent: ticketKeyOf(2), blocked: false },
        { key: ticketKeyOf(4), parent: ticketKeyOf(2), blockedBy: [ticketKeyOf(3)], blocked: true },
      ]);
      for (const ticket of tickets) expect(ticket).not.toHaveProperty("ref");
      expect(tasksOf(await store.find({}))).toEqual(["before", "report", "scan", "read"]);
      for (const expected of ["scan", "read", "report"]) {
        const [next, ...rest] = await claim(store);
        if (next === undefined) throw new Error(`${expected} was expected.`);
        expect(tasksOfClaims([next, ...rest])).toEqual([expected]);
        await store.commit(next.lease, done);
      }
    },
  },
  {
    id: "batch_refused_whole",
    title: "circles, unknown and doubled names are refused with the path named, and nothing is written",
    async run({ store }) {
      for (const [drafts, field, text] of refused) {
        const insert = store.insert([...drafts, { task: "innocent" }]);
        await expect(insert, text).rejects.toMatchObject({
          code: "invalid_input",
          field,
          message: expect.stringContaining(text),
        });
      }
      expect(await store.find({})).toEqual([]);
      expect(await store.events({})).toEqual([]);
      expect(await insertOne(store)).toMatchObject({ key: ticketKeyOf(1) });
    },
  },
  {
    id: "batch_long_circle",
    title: "a circle through thousands of drafts is found, and a chain of as many is none",
    async run({ store }) {
      const drafts = Array.from({ length: 3_000 }, (_, place) => ({
        ref: `r${place}`,
        task: place,
        blockedBy: [`r${(place + 1) % 3_000}`],
      }));
      await expect(store.insert(drafts)).rejects.toMatchObject({ code: "invalid_input" });
      const [last] = drafts.splice(-1);
      expect(await store.insert([...drafts, { ref: last?.ref ?? "", task: "last" }])).toHaveLength(3_000);
      expect(tasksOfClaims(await claim(store))).toEqual(["last"]);
    },
  },
  {
    id: "batch_known_key",
    title: "a ref of a draft whose idempotency key is known means the ticket that is there",
    async run({ store }) {
      const known = await insertOne(store, { task: "known", idempotencyKey: "k" });
      const [same, next, twin] = await store.insert([
        { ref: "a", task: "again", idempotencyKey: "k" },
        { task: "next", blockedBy: ["a"], idempotencyKey: "n" },
        { task: "twin", idempotencyKey: "n" },
      ]);
      expect(same?.key).toBe(known.key);
      expect(next).toMatchObject({ key: ticketKeyOf(2), blockedBy: [known.key], blocked: true });
      expect(twin?.key).toBe(next?.key);
      expect(await store.find({})).toHaveLength(2);
    },
  },
  {
    id: "batch_twin_key",
    title:
      "a ref of a draft that repeats an idempotency key of its batch means the first one, with its budget",
    async run({ store }) {
      const [part, whole] = await store.insert([
        { task: "part", parent: "twin" },
        { task: "whole", idempotencyKey: "w", budget: { maxOutputTokens: 10 } },
        { ref: "twin", task: "whole", idempotencyKey: "w", blockedBy: ["late"] },
        { ref: "late", task: "late" },
      ]);
      expect(part).toMatchObject({
        parent: whole?.key,
        envelopes: [{ key: whole?.key, maxOutputTokens: 10 }],
      });
      expect(whole).toMatchObject({ blockedBy: [], blocked: false });
      expect(await store.find({})).toHaveLength(3);
    },
  },
];
