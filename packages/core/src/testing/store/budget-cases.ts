import { expect } from "vitest";
import { noUsage } from "../../provider/usage.ts";
import type { StepChange, TicketStore } from "../../store/ticket-store.ts";
import type { Amounts } from "../../ticket/budget.ts";
import {
  awaitingChildren,
  claim,
  claimOne,
  done,
  insertOne,
  type StoreCase,
  ticketNow,
} from "./store-case.ts";

const dollars = (cost: number): Amounts => ({ cost, inputTokens: 10 * cost, outputTokens: cost });
const spends = (cost: number): StepChange => ({
  work: { cost, usage: { ...noUsage, inputTokens: 10 * cost, outputTokens: cost } },
  reservation: "settled",
});
const ceiling = { maxCost: 10 };

/** Adds up what two accounts hold. */
async function worst(store: TicketStore): Promise<number> {
  const { spent, reserved } = await store.account();
  return spent.cost + reserved.cost;
}

export const budgetCases: readonly StoreCase[] = [
  {
    id: "budget_settled",
    title: "a reservation counts until the commit that settles it, and then what was used counts",
    async run({ store }) {
      await store.insert([{ task: 1 }, { task: 2 }]);
      const [a, b] = await claim(store);
      if (a === undefined || b === undefined) throw new Error("Two claims were expected.");
      expect(await store.reserve(a.lease, { amounts: dollars(6), ceiling })).toEqual({ kind: "granted" });
      expect(await ticketNow(store, a.ticket)).toMatchObject({ reserved: dollars(6) });
      expect(await store.reserve(b.lease, { amounts: dollars(6), ceiling })).toEqual({
        kind: "wait",
        until: a.lease.expiresAt,
        behind: [undefined],
      });
      await store.commit(a.lease, spends(1));
      expect(await store.account()).toEqual({ spent: dollars(1), reserved: dollars(0) });
      expect(await ticketNow(store, a.ticket)).not.toHaveProperty("reserved");
      expect(await store.reserve(b.lease, { amounts: dollars(9), ceiling })).toEqual({ kind: "granted" });
      expect(await store.account()).toEqual({ spent: dollars(1), reserved: dollars(9) });
    },
  },
  {
    id: "budget_refused",
    title:
      "a request that what was spent leaves no room for is refused with the limit; one without limits is not",
    async run({ store }) {
      await insertOne(store);
      const { lease } = await claimOne(store);
      await store.reserve(lease, { amounts: dollars(3) });
      await store.commit(lease, spends(3));
      const refusal = { kind: "refused", limit: "maxCost", maximum: 10, value: 11 };
      expect(await store.reserve(lease, { amounts: dollars(8), ceiling })).toEqual(refusal);
      expect(
        await store.reserve(lease, { amounts: dollars(1), ceiling: { maxCost: 10, maxInputTokens: 39 } }),
      ).toEqual({ kind: "refused", limit: "maxInputTokens", maximum: 39, value: 40 });
      expect(await store.reserve(lease, { amounts: dollars(7), ceiling })).toEqual({ kind: "granted" });
      await store.commit(lease, { reservation: "settled" });
      expect(await store.reserve(lease, { amounts: dollars(1e6) })).toEqual({ kind: "granted" });
    },
  },
  {
    id: "budget_forfeited",
    title:
      "a reservation whose lease ends in whatever way without being settled counts as spent, and an event says so",
    async run({ store, passTime }) {
      const enders: readonly ((lease: Awaited<ReturnType<typeof claimOne>>["lease"]) => Promise<unknown>)[] =
        [
          (lease) => store.release(lease),
          (lease) => store.commit(lease, done),
          (lease) => store.commit(lease, { reservation: "forfeited", ...awaitingChildren }),
          ({ key }) => store.update(key, { type: "cancel" }),
          async () => {
            await passTime(250);
            await claimOne(store);
          },
        ];
      for (const [round, end] of enders.entries()) {
        const ticket = await insertOne(store, { priority: round + 1 });
        const { lease } = await claimOne(store, { leaseMs: 200 });
        await store.reserve(lease, { amounts: dollars(2) });
        await end(lease);
        expect(await store.account()).toEqual({ spent: dollars(2 * round + 2), reserved: dollars(0) });
        const after = await ticketNow(store, ticket);
        expect(after.work).toMatchObject({ cost: 2, usage: { inputTokens: 20, outputTokens: 2 } });
        const log = await store.events({ ticket: ticket.key, types: ["reservation_forfeited"] });
        expect(log).toMatchObject([dollars(2)]);
      }
      expect((await store.totals()).all.work.cost).toBe(2 * enders.length);
    },
  },
  {
    id: "budget_lost_counts",
    title: "the reservation of a worker that vanished counts as spent even before its ticket goes to another",
    async run({ store, passTime }) {
      await store.insert([{ task: 1 }, { task: 2 }]);
      const gone = await claimOne(store, { leaseMs: 200 });
      const { lease } = await claimOne(store);
      await store.reserve(gone.lease, { amounts: dollars(6), ceiling });
      expect(await store.reserve(lease, { amounts: dollars(6), ceiling })).toMatchObject({ kind: "wait" });
      await passTime(250);
      expect(await store.reserve(lease, { amounts: dollars(6), ceiling })).toMatchObject({
        kind: "refused",
        value: 12,
      });
      expect(await store.reserve(lease, { amounts: dollars(4), ceiling })).toEqual({ kind: "granted" });
    },
  },
  {
    id: "budget_stale",
    title: "a worker whose lease was lost reserves nothing",
    async run({ store }) {
      await insertOne(store);
      const { lease } = await claimOne(store);
      await store.release(lease);
      await expect(store.reserve(lease, { amounts: dollars(1) })).rejects.toMatchObject({
        code: "lease_lost",
      });
      expect(await worst(store)).toBe(0);
      const { lease: current } = await claimOne(store);
      const amounts = { ...dollars(1), cost: Number.NaN };
      await expect(store.reserve(current, { amounts })).rejects.toMatchObject({
        code: "invalid_input",
        field: "amounts.cost",
      });
    },
  },
  {
    id: "budget_envelopes",
    title: "a ticket and all its descendants draw from its envelope, whoever filed them and when",
    async run({ store }) {
      const [root, , other] = await store.insert([
        { ref: "root", task: "root", budget: { maxCost: 10 } },
        { ref: "low", task: "grandchild", parent: "mid", labels: ["c"] },
        { task: "other" },
        { ref: "mid", task: "child", parent: "root", labels: ["c"], budget: { maxCost: 6 } },
      ]);
      if (root === undefined || other === undefined) throw new Error("Tickets were expected.");
      const [low, mid] = await claim(store, { labels: ["c"] });
      const [first, second] = await claim(store);
      if (low === undefined || mid === undefined || first === undefined || second === undefined) {
        throw new Error("Four claims were expected.");
      }
      expect(low.ticket.envelopes).toEqual([
        { key: mid.ticket.key, maxCost: 6 },
        { key: root.key, maxCost: 10 },
      ]);
      await store.reserve(low.lease, { amounts: dollars(5) });
      await store.commit(low.lease, spends(5));
      expect(await store.reserve(mid.lease, { amounts: dollars(2) })).toEqual({
        kind: "refused",
        limit: "maxCost",
        maximum: 6,
        value: 7,
        envelope: mid.ticket.key,
      });
      const { children } = await store.commit(first.lease, { children: [{ task: "late", labels: ["l"] }] });
      expect(children[0]?.envelopes).toEqual([{ key: root.key, maxCost: 10 }]);
      const late = await claimOne(store, { labels: ["l"] });
      expect(await store.reserve(first.lease, { amounts: dollars(4) })).toEqual({ kind: "granted" });
      expect(await store.reserve(late.lease, { amounts: dollars(4) })).toMatchObject({ kind: "wait" });
      expect(await store.reserve(late.lease, { amounts: dollars(6) })).toMatchObject({ envelope: root.key });
      expect(await store.account(root.key)).toEqual({ spent: dollars(5), reserved: dollars(4) });
      expect(await store.account(mid.ticket.key)).toEqual({ spent: dollars(5), reserved: dollars(0) });
      expect(await store.reserve(second.lease, { amounts: dollars(50) })).toEqual({ kind: "granted" });
    },
  },
  {
    id: "budget_envelope_pruned",
    title:
      "what pruned tickets of an envelope spent stays spent, and a pruned root still binds what is below it",
    async run({ store }) {
      const root = await insertOne(store, { budget: { maxCost: 10 } });
      const { lease } = await claimOne(store);
      await store.reserve(lease, { amounts: dollars(8) });
      await store.commit(lease, { ...spends(8), ...done, children: [{ task: "follow-up" }] });
      expect(await store.prune({ keys: [root.key] })).toBe(1);
      const next = await claimOne(store);
      expect(await store.reserve(next.lease, { amounts: dollars(3) })).toMatchObject({
        kind: "refused",
        envelope: root.key,
      });
    },
  },
  {
    id: "budget_refused_at_insert",
    title: "a budget that is none is refused with the field named",
    async run({ store }) {
      for (const [budget, field] of [
        [{ maxCost: 0 }, "drafts[0].budget.maxCost"],
        [{ maxTurns: 3 }, "drafts[0].budget.maxTurns"],
        ["much", "drafts[0].budget"],
      ] as const) {
        const insert = store.insert([{ task: 1, budget: budget as { maxCost: number } }]);
        await expect(insert).rejects.toMatchObject({ code: "invalid_input", field });
      }
    },
  },
  {
    id: "budget_window",
    title:
      "runs that go on at the same time share where their budget begins; the next one after them begins anew",
    async run({ store, passTime }) {
      const spend = async (cost: number): Promise<void> => {
        await insertOne(store);
        const { lease } = await claimOne(store);
        await store.commit(lease, { ...spends(cost), ...done });
      };
      await spend(1);
      expect(await store.enterBudget("a", 400)).toEqual(dollars(1));
      await spend(2);
      expect(await store.enterBudget("b", 60_000)).toEqual(dollars(1));
      await store.enterBudget("a", 0);
      await spend(4);
      expect(await store.enterBudget("c", 200)).toEqual(dollars(1));
      await store.enterBudget("b", 0);
      await passTime(250);
      expect(await store.enterBudget("d", 60_000)).toEqual(dollars(7));
    },
  },
  {
    id: "budget_shared",
    title: "many reservations at once over several objects never add up to more than the ceiling",
    isShared: true,
    async run({ store, join }) {
      const other = await join();
      await store.insert(Array.from({ length: 60 }, (_, task) => ({ task })));
      const claims = await claim(store);
      const work = claims.map(async ({ lease }, place) => {
        const mine = place % 2 === 0 ? store : other;
        const answer = await mine.reserve(lease, { amounts: dollars(3), ceiling });
        if (answer.kind === "granted") await mine.commit(lease, spends(place % 3));
        expect(await worst(mine)).toBeLessThanOrEqual(10);
        return answer.kind;
      });
      expect(await Promise.all(work)).toContain("granted");
    },
  },
  {
    id: "budget_nested_most",
    title:
      "64 budgets may stand over one ticket, one above the other; one more is refused before anything is written",
    async run({ store }) {
      const chain = Array.from({ length: 64 }, (_, place) => ({
        ref: `b${place}`,
        task: place,
        budget: ceiling,
        // Children before their parents.
        ...(place < 63 && { parent: `b${place + 1}` }),
      }));
      const more = [...chain, { ref: "below", task: "below", parent: "b0" }];
      await expect(
        store.insert([...more, { task: "one more", parent: "below", budget: ceiling }]),
      ).rejects.toMatchObject({ code: "invalid_input", field: "drafts[65].budget" });
      expect(await store.find({})).toEqual([]);
      const below = (await store.insert(more)).at(-1);
      expect(below?.envelopes).toHaveLength(64);
      await expect(
        store.insert([{ task: "one more", parent: below?.key, budget: ceiling }]),
      ).rejects.toMatchObject({ code: "invalid_input", field: "drafts[0].budget" });
      const [first] = await claim(store, { limit: 1 });
      if (first === undefined) throw new Error("A claim was expected.");
      const children = [{ task: "one more", budget: ceiling }];
      await expect(store.commit(first.lease, { children, ...done })).rejects.toMatchObject({
        code: "invalid_input",
        field: "change.children[0].budget",
      });
      expect(await ticketNow(store, first.ticket)).toMatchObject({ status: "in_progress" });
    },
  },
];
