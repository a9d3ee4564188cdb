import { expect } from "vitest";
import { parseQuery } from "../../query/parse-query.ts";
import { noAmounts } from "../../ticket/budget.ts";
import { ticketKeyOf } from "../../ticket/ticket-key.ts";
import {
  asking,
  claim,
  claimOne,
  comment,
  done,
  failed,
  insertOne,
  type StoreCase,
  tasksOf,
  ticketNow,
} from "./store-case.ts";

export const readCases: readonly StoreCase[] = [
  {
    id: "get_unknown",
    title: "an unknown ticket is undefined; its replies are refused",
    async run({ store }) {
      expect(await store.get(ticketKeyOf(1))).toBeUndefined();
      await expect(store.replies(ticketKeyOf(1))).rejects.toMatchObject({ code: "not_found" });
    },
  },
  {
    id: "find_filters",
    title: "all conditions of a filter hold together, the answer is by insertion, a cursor goes on",
    async run({ store, clock, passTime }) {
      const [a, b, c, d] = await store.insert([
        { task: "a", labels: ["x"] },
        { task: "b", labels: ["x", "y"] },
        { task: "c", labels: ["y"], priority: 9 },
        { task: "d" },
      ]);
      if (a === undefined || b === undefined || c === undefined || d === undefined)
        throw new Error("Four tickets were expected.");
      const e = await insertOne(store, { task: "e", parent: a.key });
      const first = await claimOne(store, { wants: [{ agent: "X", labels: ["x"], limit: 1 }] });
      await store.commit(first.lease, done);
      await passTime(20);
      const between = (await ticketNow(store, a)).finishedAt ?? clock.now();
      const second = await claimOne(store, { wants: [{ agent: "Y", labels: ["y"], limit: 1 }] });
      await store.commit(second.lease, failed);
      const find = async (filter: Parameters<typeof store.find>[0]): Promise<readonly unknown[]> =>
        tasksOf(await store.find(filter));
      expect(await find({})).toEqual(["a", "b", "c", "d", "e"]);
      expect(await find({ keys: [d.key, a.key, ticketKeyOf(99), a.key] })).toEqual(["a", "d"]);
      expect(await find({ keys: [] })).toEqual([]);
      expect(await find({ status: ["todo"] })).toEqual(["b", "d", "e"]);
      expect(await find({ status: ["done", "failed"] })).toEqual(["a", "c"]);
      expect(await find({ status: ["done", "todo"] })).toEqual(["a", "b", "d", "e"]);
      expect(await find({ status: [] })).toEqual([]);
      expect(await find({ labels: ["x"] })).toEqual(["a", "b"]);
      expect(await find({ labels: ["x", "y"], status: ["todo"] })).toEqual(["b"]);
      expect(await find({ labels: [] })).toEqual([]);
      expect(await find({ parent: a.key })).toEqual(["e"]);
      expect(await find({ agent: "X" })).toEqual(["a"]);
      expect(await find({ after: b.key, limit: 2 })).toEqual(["c", "d"]);
      expect(await find({ limit: 0 })).toEqual([]);
      expect(await find({ finishedBefore: between + 1 })).toEqual(["a"]);
      expect(await find({ after: e.key })).toEqual([]);
      await expect(store.find({ limit: 0.5 })).rejects.toMatchObject({
        code: "invalid_input",
        field: "limit",
      });
    },
  },
  {
    id: "find_refuses",
    title:
      "a filter with half of a surrogate pair or the character 0 is refused by name, and matches nothing else",
    async run({ store }) {
      const ticket = await insertOne(store, { task: "\ufffd", labels: ["half\ufffd"] });
      for (const [filter, field] of [
        [{ labels: ["a", "half\ud800"] }, "labels"],
        [{ labels: ["nul\u0000"] }, "labels"],
        [{ agent: "half\udc00" }, "agent"],
        [{ where: parseQuery('label = "half\ud800"').where }, "where"],
        [{ where: parseQuery('label IN (a, "half\ud800")').where }, "where"],
        [{ where: parseQuery('a OR NOT (b AND task ~ "\ud800")').where }, "where"],
        [{ where: parseQuery('agent != "nul\u0000"').where }, "where"],
      ] as const) {
        await expect(store.find(filter), field).rejects.toMatchObject({ code: "invalid_input", field });
        await expect(store.prune(filter), field).rejects.toMatchObject({ code: "invalid_input", field });
      }
      expect(await store.find({ labels: ["half\ufffd"] })).toEqual([ticket]);
      expect(await store.find({ where: parseQuery('task ~ "😀" OR label = "half\ufffd"').where })).toEqual([
        ticket,
      ]);
    },
  },
  {
    id: "find_retried",
    title: "a retried ticket stands in its old place of a listing",
    async run({ store }) {
      const [a] = await store.insert([{ task: "a" }, { task: "b" }]);
      if (a === undefined) throw new Error("A ticket was expected.");
      await store.commit((await claimOne(store)).lease, failed);
      await store.update(a.key, { type: "retry" });
      expect(tasksOf(await store.find({ status: ["todo"] }))).toEqual(["a", "b"]);
    },
  },
  {
    id: "outlook",
    title: "the outlook tells what could still happen, for the given wants",
    async run({ store, clock, passTime }) {
      const want = { agent: "agent", labels: ["x"], limit: 10 };
      expect(await store.outlook([want])).toEqual({
        todo: 0,
        inProgress: 0,
        waiting: 0,
        leased: 0,
        claimable: 0,
      });
      const soon = clock.now() + 300;
      await store.insert([
        { task: "ready", labels: ["x", "y"] },
        { task: "other", labels: ["z"] },
        { task: "later", labels: ["x"], notBefore: soon },
        { task: "sooner, but of another label", labels: ["z"], notBefore: soon - 100 },
      ]);
      expect(await store.outlook([want, { ...want, labels: ["y"] }])).toMatchObject({
        todo: 4,
        claimable: 1,
        nextAt: soon,
      });
      expect(await store.outlook([])).toMatchObject({ todo: 4, claimable: 0 });
      expect(await store.outlook([{ ...want, labels: [] }])).not.toHaveProperty("nextAt");
      const { lease } = await claimOne(store, { labels: ["x"], leaseMs: 150 });
      expect(await store.outlook([want])).toMatchObject({
        todo: 3,
        inProgress: 1,
        leased: 1,
        claimable: 0,
        nextAt: lease.expiresAt,
      });
      await passTime(200);
      expect(await store.outlook([want])).toMatchObject({
        inProgress: 1,
        leased: 0,
        claimable: 1,
        nextAt: soon,
      });
      await passTime(150);
      const after = await store.outlook([want]);
      expect(after).toMatchObject({ leased: 0, claimable: 2 });
      expect(after).not.toHaveProperty("nextAt");
      expect(await claim(store, { labels: ["none"] })).toEqual([]);
      expect(await store.outlook([want])).toEqual(after);
      const parked = await claimOne(store, { labels: ["x"] });
      await store.commit(parked.lease, asking);
      expect(await store.outlook([want])).toMatchObject({
        waiting: 1,
        inProgress: 0,
        leased: 0,
        claimable: 1,
      });
    },
  },
  {
    id: "totals",
    title:
      "totals are the sums over tickets, for all and for each label, through relabelling, retry and prune",
    async run({ store, passTime }) {
      const usage = {
        inputTokens: 7,
        outputTokens: 5,
        cacheReadTokens: 3,
        cacheWriteTokens: 2,
        reasoningTokens: 1,
      };
      const [, b] = await store.insert([
        { task: "a", labels: ["x", "y"] },
        { task: "b", labels: ["x"] },
        { task: "c" },
      ]);
      if (b === undefined) throw new Error("Three tickets were expected.");
      const [first, second] = await claim(store, { labels: ["x"] });
      if (first === undefined || second === undefined) throw new Error("Two claims were expected.");
      await passTime(10);
      await store.commit(first.lease, { work: { turns: 2, requests: 3, usage, cost: 0.5 }, ...done });
      await store.commit(second.lease, { work: { turns: 1, errors: 1, toolCalls: 2, workMs: 9 }, ...failed });
      const { all, labels } = await store.totals();
      expect(all).toMatchObject({ created: 3, done: 1, failed: 1, cancelled: 0 });
      expect(all.work).toEqual({
        steps: 2,
        turns: 3,
        requests: 3,
        toolCalls: 2,
        errors: 1,
        workMs: 9,
        cost: 0.5,
        usage,
      });
      expect(Object.keys(labels)).toEqual(["x", "y"]);
      expect(labels.x).toEqual({ ...all, created: 2 });
      expect(labels.y).toMatchObject({ created: 1, done: 1, failed: 0, work: { steps: 1, turns: 2 } });
      const finished = await store.find({ status: ["done", "failed"] });
      const ticketMs = finished.reduce((sum, ticket) => sum + (ticket.finishedAt ?? 0) - ticket.createdAt, 0);
      expect(all.ticketMs).toBe(ticketMs);
      await store.update(b.key, { type: "retry", labels: ["z"] });
      const moved = await store.totals();
      expect(moved.all).toMatchObject({ created: 3, failed: 0, work: all.work });
      expect(moved.labels.x).toMatchObject({ created: 1, work: { turns: 2, errors: 0 } });
      expect(moved.labels.z).toMatchObject({
        created: 1,
        failed: 0,
        work: { turns: 1, errors: 1, toolCalls: 2 },
      });
      await store.prune({});
      expect(await store.totals()).toEqual(moved);
    },
  },
  {
    id: "prune",
    title:
      "prune removes final tickets that match with their replies and idempotency keys; events stay, keys are not reused",
    async run({ store }) {
      const [a, b] = await store.insert([
        { task: "a", labels: ["x"], idempotencyKey: "k" },
        { task: "b", labels: ["y"] },
        { task: "open", labels: ["x"] },
      ]);
      if (a === undefined || b === undefined) throw new Error("Three tickets were expected.");
      for (const labels of [["x"], ["y"]]) {
        const { lease } = await claimOne(store, { labels });
        await store.commit(lease, { replies: [comment("talk")], ...done });
      }
      const log = await store.events({});
      expect(await store.prune({ labels: ["x"] })).toBe(1);
      expect(await store.get(a.key)).toBeUndefined();
      await expect(store.replies(a.key)).rejects.toMatchObject({ code: "not_found" });
      expect(tasksOf(await store.find({}))).toEqual(["b", "open"]);
      expect(await store.replies(b.key)).toHaveLength(1);
      expect(await store.events({})).toEqual(log);
      expect(await store.events({ ticket: a.key })).toHaveLength(3);
      const again = await insertOne(store, { task: "again", idempotencyKey: "k" });
      expect(again).toMatchObject({ task: "again", key: ticketKeyOf(4) });
      expect(await store.prune({ status: ["todo"] })).toBe(0);
    },
  },
  {
    id: "prune_limit",
    title: "prune stops at its limit, oldest first, and its last keys are not given out again",
    async run({ store }) {
      await store.insert(Array.from({ length: 5 }, (_, task) => ({ task })));
      for (const { lease } of await claim(store)) await store.commit(lease, done);
      expect(await store.prune({ limit: 2 })).toBe(2);
      expect(tasksOf(await store.find({}))).toEqual([2, 3, 4]);
      expect(await store.prune({})).toBe(3);
      expect(await insertOne(store)).toMatchObject({ key: ticketKeyOf(6) });
    },
  },
  {
    id: "prune_dependents",
    title: "tickets that name a pruned one as parent or blocker go on",
    async run({ store }) {
      const parent = await insertOne(store, { task: "parent" });
      await store.commit((await claimOne(store)).lease, done);
      const child = await insertOne(store, { task: "child", parent: parent.key, blockedBy: [parent.key] });
      expect(await store.prune({})).toBe(1);
      const claimed = await claimOne(store);
      expect(claimed.ticket).toMatchObject({ key: child.key, parent: parent.key, blockedBy: [parent.key] });
      await store.commit(claimed.lease, failed);
      await store.update(child.key, { type: "retry" });
      expect(tasksOf(await store.find({ parent: parent.key }))).toEqual(["child"]);
      await expect(store.insert([{ task: "late", blockedBy: [parent.key] }])).rejects.toMatchObject({
        code: "not_found",
      });
    },
  },
  {
    id: "closed",
    title: "a closed store refuses everything; closing writes what waits, and twice is no error",
    async run({ store }) {
      await insertOne(store);
      const { ticket, lease } = await claimOne(store);
      const waiting = store.append([{ type: "run_started", worker: "w", labels: [] }]);
      const sent = store.commit(lease, { replies: [comment("last words")] });
      await store.close();
      await expect(waiting).resolves.toBeUndefined();
      await expect(sent).resolves.toMatchObject({ appended: [{ index: 0 }] });
      await store.close();
      for (const attempt of [
        () => store.insert([]),
        () => claim(store),
        () => store.renew([], 1),
        () => store.release(lease),
        () => store.commit(lease, done),
        () => store.reserve(lease, { amounts: noAmounts }),
        () => store.enterBudget("worker", 1),
        () => store.account(),
        () => store.append([]),
        () => store.update(ticket.key, { type: "cancel" }),
        () => store.get(ticket.key),
        () => store.find({}),
        () => store.replies(ticket.key),
        () => store.events({}),
        () => store.totals(),
        () => store.outlook([]),
        () => store.prune({}),
        async () => store.watch(() => undefined),
      ]) {
        await expect(attempt(), attempt.toString()).rejects.toMatchObject({ code: "closed" });
      }
    },
  },
];
