import { expect } from "vitest";
import { findOpenCalls } from "../../ticket/close-open-calls.ts";
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

const reply = { type: "reply", content: [{ type: "text", text: "hello" }] } as const;

export const updateCases: readonly StoreCase[] = [
  {
    id: "update_reply_wakes",
    title:
      "a reply to a waiting ticket appends, says who wrote, and makes it claimable without a new attempt",
    async run({ store }) {
      await insertOne(store);
      const { ticket, lease } = await claimOne(store);
      await store.commit(lease, asking);
      expect(await ticketNow(store, ticket)).toMatchObject({
        status: "waiting",
        waiting: { for: "reply", question: "Which one?" },
      });
      expect(await claim(store)).toEqual([]);
      const after = await store.update(ticket.key, { ...reply, author: "Ada" });
      expect(after).toMatchObject({ status: "in_progress", replies: 1 });
      const again = await claimOne(store);
      expect(again.ticket.attempt).toBe(1);
      expect(again.replies).toMatchObject([
        { index: 0, author: "Ada", purpose: "comment", message: { role: "user" } },
      ]);
      expect((await store.events({ ticket: ticket.key })).map(({ type }) => type)).toEqual([
        "ticket_created",
        "ticket_started",
        "ticket_waiting",
        "ticket_replied",
        "ticket_resumed",
      ]);
    },
  },
  {
    id: "update_reply_todo",
    title: "a reply to a ticket that is todo or in progress is kept and changes nothing else",
    async run({ store }) {
      const ticket = await insertOne(store);
      expect(await store.update(ticket.key, reply)).toMatchObject({ status: "todo", replies: 1 });
      const { lease } = await claimOne(store);
      expect(await store.update(ticket.key, reply)).toMatchObject({ status: "in_progress", replies: 2 });
      await store.commit(lease, done);
    },
  },
  {
    id: "update_final",
    title: "a final ticket takes no reply, no cancel and no edit; only a failed one is retried (invariant 4)",
    async run({ store }) {
      for (const end of [done, failed, undefined]) {
        const inserted = await insertOne(store);
        const { lease } = await claimOne(store);
        if (end === undefined) await store.update(inserted.key, { type: "cancel" });
        else await store.commit(lease, end);
        const before = await ticketNow(store, inserted);
        const log = await store.events({});
        for (const change of [
          reply,
          { type: "cancel" },
          { type: "edit", priority: 1 },
          { type: "retry" },
        ] as const) {
          if (change.type === "retry" && end === failed) continue;
          await expect(store.update(inserted.key, change), change.type).rejects.toMatchObject({
            code: "conflict",
          });
        }
        expect(await ticketNow(store, inserted)).toEqual(before);
        expect(await store.events({})).toEqual(log);
      }
    },
  },
  {
    id: "update_cancel",
    title: "a cancel ends todo, running and waiting tickets, and a running worker's lease",
    async run({ store }) {
      const todo = await insertOne(store);
      expect(await store.update(todo.key, { type: "cancel", reason: "not needed" })).toMatchObject({
        status: "cancelled",
      });
      expect(await claim(store)).toEqual([]);
      await insertOne(store);
      const running = await claimOne(store);
      await store.update(running.ticket.key, { type: "cancel" });
      await expect(store.commit(running.lease, done)).rejects.toMatchObject({ code: "lease_lost" });
      await insertOne(store);
      const parked = await claimOne(store);
      await store.commit(parked.lease, asking);
      const after = await store.update(parked.ticket.key, { type: "cancel" });
      expect(after.status).toBe("cancelled");
      expect(after).not.toHaveProperty("waiting");
      expect((await store.events({ types: ["ticket_cancelled"] }))[0]).toMatchObject({
        reason: "not needed",
        ticket: todo.key,
      });
      expect(await store.outlook([])).toMatchObject({ todo: 0, inProgress: 0, waiting: 0, leased: 0 });
    },
  },
  {
    id: "update_cancel_closes_calls",
    title:
      "a cancel answers open tool calls, so that the conversation stays well-formed (invariants 6 and 11)",
    async run({ store }) {
      await insertOne(store);
      const { ticket, lease } = await claimOne(store);
      const calls = ["a", "b"].map((id) => ({ type: "tool_call", id, name: "tool", input: {} }) as const);
      await store.commit(lease, {
        replies: [
          { message: { role: "assistant", content: calls }, purpose: "answer" },
          {
            message: { role: "tool", content: [{ type: "tool_result", callId: "a", content: [] }] },
            purpose: "tool_results",
          },
        ],
      });
      await store.update(ticket.key, { type: "cancel", reason: "enough" });
      const replies = await store.replies(ticket.key);
      expect(findOpenCalls(replies)).toEqual([]);
      expect(replies.at(-1)?.message).toMatchObject({
        role: "tool",
        content: [{ callId: "b", isError: true }],
      });
      expect((await ticketNow(store, ticket)).replies).toBe(3);
    },
  },
  {
    id: "update_retry",
    title: "a retry takes a failed ticket back to todo, keeps its conversation, and counts another attempt",
    async run({ store }) {
      const inserted = await insertOne(store, { labels: ["x"] });
      const first = await claimOne(store, { labels: ["x"] });
      await store.commit(first.lease, { replies: [comment("tried")], ...failed });
      const after = await store.update(inserted.key, {
        type: "retry",
        note: "use the other file",
        labels: ["y", "y"],
      });
      expect(after).toMatchObject({ status: "todo", labels: ["y"], replies: 2, attempt: 1 });
      expect(after).not.toHaveProperty("failure");
      expect(after).not.toHaveProperty("finishedAt");
      await expect(store.commit(first.lease, done)).rejects.toMatchObject({ code: "lease_lost" });
      expect(await claim(store, { labels: ["x"] })).toEqual([]);
      const again = await claimOne(store, { labels: ["y"] });
      expect(again.ticket.attempt).toBe(2);
      expect(again.replies.at(-1)?.message).toMatchObject({
        role: "user",
        content: [{ text: "use the other file" }],
      });
      await store.commit(again.lease, done);
      expect(await ticketNow(store, inserted)).toMatchObject({ status: "done", result: "result" });
      const types = (await store.events({ ticket: inserted.key })).map(({ type }) => type);
      expect(types.slice(3)).toEqual(["ticket_retried", "ticket_started", "ticket_done"]);
    },
  },
  {
    id: "update_retry_twice",
    title: "a ticket can fail, be retried and fail again; the last failure stands",
    async run({ store }) {
      const ticket = await insertOne(store);
      for (const message of ["first", "second"]) {
        const { lease } = await claimOne(store);
        await store.commit(lease, {
          outcome: { status: "failed", failure: { reason: "given_up", message } },
        });
        expect(await ticketNow(store, ticket)).toMatchObject({ failure: { message } });
        await store.update(ticket.key, { type: "retry" });
      }
      expect((await store.totals()).all).toMatchObject({ created: 1, failed: 0, ticketMs: 0 });
    },
  },
  {
    id: "update_edit",
    title: "an edit changes what it names, and the ticket's place in the queue",
    async run({ store, clock, passTime }) {
      const [a, b, c] = await store.insert([
        { task: "a", schema: { type: "string" }, reporter: "Ada" },
        { task: "b" },
        { task: "c" },
      ]);
      if (a === undefined || b === undefined || c === undefined)
        throw new Error("Three tickets were expected.");
      const after = await store.update(a.key, { type: "edit", task: { text: "A" }, labels: ["x"] });
      expect(after).toEqual({ ...a, task: { text: "A" }, labels: ["x"] });
      expect(await store.get(a.key)).toEqual(after);
      await store.update(c.key, { type: "edit", priority: 1 });
      await store.update(b.key, { type: "edit", notBefore: clock.now() + 150, schema: true });
      expect(tasksOfClaims(await claim(store))).toEqual(["c"]);
      expect(tasksOfClaims(await claim(store, { labels: ["x"] }))).toEqual([{ text: "A" }]);
      await passTime(200);
      const [late] = await claim(store);
      expect(late?.ticket).toMatchObject({ task: "b", schema: true });
      expect(
        (await store.events({ types: ["ticket_edited"] })).map((event) => "fields" in event && event.fields),
      ).toEqual([["task", "labels"], ["priority"], ["schema", "notBefore"]]);
      await expect(store.update(c.key, { type: "edit", priority: 2 })).rejects.toMatchObject({
        code: "conflict",
      });
    },
  },
  {
    id: "update_decide",
    title:
      "a decision counts for exactly the call that waits; the last one wakes the ticket, and a step uses them up",
    async run({ store }) {
      await insertOne(store);
      const { lease, ticket } = await claimOne(store);
      const pending = [0, 1].map((place) => ({
        callId: `call-${place}`,
        tool: "pay",
        input: { place },
        hash: `hash-${place}`,
      }));
      await store.commit(lease, {
        outcome: { status: "waiting", waiting: { for: "approval", calls: pending } },
      });
      expect(await claim(store)).toEqual([]);
      const decide = (callId: string, hash: string, verdict: "approved" | "rejected" = "approved") =>
        store.update(ticket.key, { type: "decide", decision: { callId, hash, verdict } });

      for (const [callId, hash] of [
        ["call-0", "hash-1"],
        ["call-9", "hash-0"],
      ] as const) {
        await expect(decide(callId, hash)).rejects.toMatchObject({ code: "conflict" });
      }
      expect((await decide("call-0", "hash-0")).status).toBe("waiting");
      await expect(decide("call-0", "hash-0", "rejected")).rejects.toMatchObject({ code: "conflict" });
      const decided = await decide("call-1", "hash-1", "rejected");
      expect(decided).toMatchObject({ status: "in_progress", attempt: 1 });
      expect(decided.decisions?.map(({ callId, verdict }) => [callId, verdict])).toEqual([
        ["call-0", "approved"],
        ["call-1", "rejected"],
      ]);

      const again = await claimOne(store);
      expect(again.ticket.decisions).toHaveLength(2);
      await store.commit(again.lease, { decisionsUsed: ["call-0", "call-7"] });
      const kept = (await ticketNow(store, ticket)).decisions;
      expect(kept).toEqual([{ callId: "call-1", hash: "hash-1", verdict: "rejected" }]);
      await store.commit(again.lease, { decisionsUsed: ["call-1"] });
      expect((await ticketNow(store, ticket)).decisions).toBeUndefined();
      await expect(decide("call-0", "hash-0")).rejects.toMatchObject({ code: "conflict" });
      const types = (await store.events({ types: ["approval_resolved"] })).map(
        (event) => "approved" in event && event.approved,
      );
      expect(types).toEqual([true, false]);
    },
  },
  {
    id: "update_refuses",
    title: "an update with bad input or an unknown key is refused by name and changes nothing",
    async run({ store }) {
      const ticket = await insertOne(store);
      await expect(store.update(ticketKeyOf(9), { type: "cancel" })).rejects.toMatchObject({
        code: "not_found",
        field: "key",
      });
      for (const [change, field] of [
        [{ type: "reply", content: [] }, "content"],
        [{ type: "reply", content: [{ type: "text", text: " " }] }, "content"],
        [{ type: "edit" }, "change"],
        [{ type: "edit", labels: [""] }, "labels"],
        [{ type: "edit", labels: ["half\ud800"] }, "labels"],
        [{ type: "edit", priority: Number.NaN }, "priority"],
        [{ type: "retry", labels: [""] }, "labels"],
      ] as const) {
        await expect(store.update(ticket.key, change), field).rejects.toMatchObject({
          code: "invalid_input",
          field,
        });
      }
      expect(await ticketNow(store, ticket)).toEqual(ticket);
    },
  },
];
