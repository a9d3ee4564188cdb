import { expect } from "vitest";
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
  tasksOfClaims,
  ticketNow,
} from "./store-case.ts";

const usage = {
  inputTokens: 10,
  outputTokens: 5,
  cacheReadTokens: 3,
  cacheWriteTokens: 2,
  reasoningTokens: 1,
};

export const commitCases: readonly StoreCase[] = [
  {
    id: "commit_whole_step",
    title: "replies, work, events, children and outcome of a step land together (invariants 2 and 3)",
    async run({ store }) {
      const inserted = await insertOne(store, { labels: ["x"] });
      const { ticket, lease } = await claimOne(store, { labels: ["x"] });
      const receipt = await store.commit(lease, {
        replies: [comment("one"), comment("two")],
        work: { turns: 1, requests: 2, toolCalls: 3, errors: 4, workMs: 5, usage, cost: 0.25 },
        events: [{ type: "turn_started", turn: 1, ticket: ticket.key, labels: ["x"], agent: "agent" }],
        children: [
          { task: "child", labels: ["y"] },
          { task: "stepchild", parent: inserted.key },
        ],
        outcome: { status: "done", result: { answer: 42 } },
      });
      expect(receipt.appended.map(({ index }) => index)).toEqual([0, 1]);
      expect(receipt.children.map(({ task, parent }) => [task, parent])).toEqual([
        ["child", ticket.key],
        ["stepchild", inserted.key],
      ]);
      expect(await store.replies(ticket.key)).toEqual(receipt.appended);
      const after = await ticketNow(store, ticket);
      expect(after).toMatchObject({ status: "done", result: { answer: 42 }, replies: 2 });
      expect(after.work).toEqual({
        steps: 1,
        turns: 1,
        requests: 2,
        toolCalls: 3,
        errors: 4,
        workMs: 5,
        usage,
        cost: 0.25,
      });
      expect(after.finishedAt).toBeGreaterThanOrEqual(after.createdAt);
      const events = await store.events({});
      expect(events.map(({ type }) => type)).toEqual([
        "ticket_created",
        "ticket_started",
        "turn_started",
        "ticket_created",
        "ticket_created",
        "ticket_done",
      ]);
      expect(events.at(-1)).toMatchObject({ agent: "agent", ticket: ticket.key, labels: ["x"] });
    },
  },
  {
    id: "commit_all_or_nothing",
    title: "a step with a bad child is refused whole",
    async run({ store }) {
      await insertOne(store);
      const { ticket, lease } = await claimOne(store);
      const before = await store.events({});
      const step = { replies: [comment("one")], work: { turns: 1 }, ...done };
      await expect(
        store.commit(lease, {
          ...step,
          children: [{ task: "good" }, { task: "bad", blockedBy: [ticketKeyOf(99)] }],
        }),
      ).rejects.toMatchObject({ code: "not_found", field: "change.children[1].blockedBy[0]" });
      await expect(
        store.commit(lease, { ...step, outcome: { status: "done", result: Number.NaN } }),
      ).rejects.toMatchObject({ code: "invalid_input", field: "change.outcome.result" });
      expect(await ticketNow(store, ticket)).toEqual(ticket);
      expect(await store.replies(ticket.key)).toEqual([]);
      expect(await store.events({})).toEqual(before);
      await store.commit(lease, done);
    },
  },
  {
    id: "commit_refuses_bad_work",
    title: "work that is no finite number is refused by name",
    async run({ store }) {
      await insertOne(store);
      const { ticket, lease } = await claimOne(store);
      for (const [work, field] of [
        [{ turns: Number.NaN }, "change.work.turns"],
        [{ cost: Number.POSITIVE_INFINITY }, "change.work.cost"],
        [{ usage: { ...usage, outputTokens: Number.NaN } }, "change.work.usage.outputTokens"],
      ] as const) {
        await expect(store.commit(lease, { work }), field).rejects.toMatchObject({
          code: "invalid_input",
          field,
        });
      }
      expect(await ticketNow(store, ticket)).toEqual(ticket);
    },
  },
  {
    id: "commit_failed",
    title: "a failed ticket keeps its failure and has no result",
    async run({ store }) {
      await insertOne(store);
      const { ticket, lease } = await claimOne(store);
      await store.commit(lease, failed);
      const after = await ticketNow(store, ticket);
      expect(after).toMatchObject({ status: "failed", failure: { reason: "given_up" } });
      expect(after).not.toHaveProperty("result");
      expect((await store.events({})).at(-1)).toMatchObject({
        type: "ticket_failed",
        failure: { reason: "given_up" },
      });
    },
  },
  {
    id: "commit_null_result",
    title: "null is a result like any other",
    async run({ store }) {
      await insertOne(store);
      const { ticket, lease } = await claimOne(store);
      await store.commit(lease, { outcome: { status: "done", result: null } });
      expect(await ticketNow(store, ticket)).toHaveProperty("result", null);
    },
  },
  {
    id: "commit_arrived",
    title: "a receipt holds the replies that others appended since the worker looked, before the step's own",
    async run({ store }) {
      await insertOne(store);
      const { ticket, lease } = await claimOne(store);
      await store.commit(lease, { replies: [comment("mine"), comment("mine too")] });
      await store.update(ticket.key, {
        type: "reply",
        content: [{ type: "text", text: "yours" }],
        author: "Ada",
      });
      const receipt = await store.commit(lease, { replies: [comment("mine again")] }, { knownReplies: 1 });
      expect(receipt.arrived.map(({ index, author }) => [index, author])).toEqual([
        [1, undefined],
        [2, "Ada"],
      ]);
      expect(receipt.appended.map(({ index }) => index)).toEqual([3]);
      const quiet = await store.commit(lease, {}, { knownReplies: 4 });
      expect(quiet).toEqual({ appended: [], arrived: [], children: [] });
      expect((await store.replies(ticket.key)).map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    },
  },
  {
    id: "commit_order",
    title:
      "commits and appends that nobody waited for keep their order and are there for whoever reads or writes next",
    async run({ store }) {
      await insertOne(store);
      const { ticket, lease } = await claimOne(store);
      const writes: Promise<unknown>[] = [
        store.commit(lease, { replies: [comment("1")] }),
        store.append([{ type: "run_started", worker: "worker", labels: [] }]),
        store.commit(lease, { replies: [comment("2")] }),
      ];
      expect(await store.replies(ticket.key)).toHaveLength(2);
      writes.push(store.commit(lease, { replies: [comment("3")] }), store.commit(lease, done));
      await Promise.all(writes);
      const texts = (await store.replies(ticket.key)).map(({ message }) => message.content[0]);
      expect(texts).toMatchObject([{ text: "1" }, { text: "2" }, { text: "3" }]);
      expect((await store.events({})).map(({ type }) => type)).toContain("run_started");
    },
  },
  {
    id: "append_alone",
    title: "an append that nothing follows is written all the same",
    async run({ store }) {
      await store.append([{ type: "run_started", worker: "worker", labels: [] }]);
      expect(await store.events({})).toMatchObject([{ type: "run_started" }]);
    },
  },
  {
    id: "commit_then_claim",
    title: "a claim that follows a final commit at once sees the handed-over ticket",
    async run({ store }) {
      await insertOne(store);
      const { lease } = await claimOne(store);
      const [, next] = await Promise.all([
        store.commit(lease, { ...done, children: [{ task: "next" }] }),
        claim(store, { limit: 1 }),
      ]);
      expect(tasksOfClaims(next)).toEqual(["next"]);
    },
  },
  {
    id: "commit_waiting_with_news",
    title: "a question that crosses a reply does not sleep on it: the ticket can be claimed at once",
    async run({ store }) {
      await insertOne(store);
      const { ticket, lease } = await claimOne(store);
      await store.update(ticket.key, { type: "reply", content: [{ type: "text", text: "the second one" }] });
      const receipt = await store.commit(lease, asking, { knownReplies: 0 });
      expect(receipt.arrived).toHaveLength(1);
      const again = await claimOne(store);
      expect(again.ticket).toMatchObject({ key: ticket.key, attempt: 1 });
      expect(again.ticket).not.toHaveProperty("waiting");
    },
  },
  {
    id: "commit_transient_events",
    title: "events that are too many to keep are not stored",
    async run({ store }) {
      await insertOne(store);
      const { lease } = await claimOne(store);
      const before = await store.events({});
      await store.commit(lease, { events: [{ type: "text_chunk_received", text: "a", labels: [] }] });
      expect(await store.events({})).toEqual(before);
    },
  },
];
