import { expect } from "vitest";
import { ticketKeyOf } from "../../ticket/ticket-key.ts";
import { claimOne, done, insertOne, type StoreCase, tasksOf, ticketNow } from "./store-case.ts";

export const insertCases: readonly StoreCase[] = [
  {
    id: "insert_defaults",
    title: "a new ticket has a key that grows, and defaults for everything that was not given",
    async run({ store, clock }) {
      const [first, second] = await store.insert([{ task: "a" }, { task: { deep: [1, null, "x"] } }]);
      expect(first).toMatchObject({
        task: "a",
        labels: [],
        status: "todo",
        priority: 0,
        blockedBy: [],
        attempt: 0,
        replies: 0,
      });
      expect(second?.task).toEqual({ deep: [1, null, "x"] });
      expect([first?.key, second?.key]).toEqual([ticketKeyOf(1), ticketKeyOf(2)]);
      expect(Math.abs((first?.createdAt ?? 0) - clock.now())).toBeLessThan(60_000);
      expect(first).not.toHaveProperty("agent");
      expect(await store.find({})).toEqual([first, second]);
    },
  },
  {
    id: "insert_keeps_all_fields",
    title: "every field of a draft comes back as it was given, labels sorted and without duplicates",
    async run({ store }) {
      const other = await insertOne(store);
      const draft = {
        task: "translate",
        labels: ["b", "a", "b"],
        schema: { type: "object", properties: { text: { type: "string" } } },
        priority: 2.5,
        notBefore: 12_345,
        blockedBy: [other.key],
        parent: other.key,
        reporter: "Ada",
        templateVariables: { name: "value" },
        idempotencyKey: "order 1",
      };
      const ticket = await insertOne(store, draft);
      expect(ticket).toMatchObject({ ...draft, labels: ["a", "b"] });
      expect(await store.get(ticket.key)).toEqual(ticket);
    },
  },
  {
    id: "insert_idempotent",
    title:
      "a known idempotency key answers with the ticket that has it, also within one batch and after its end",
    async run({ store }) {
      const [first, again] = await store.insert([
        { task: "a", idempotencyKey: "k" },
        { task: "b", idempotencyKey: "k" },
      ]);
      expect(again).toEqual(first);
      const { lease } = await claimOne(store);
      await store.commit(lease, done);
      const later = await insertOne(store, { task: "c", idempotencyKey: "k" });
      expect(later).toMatchObject({ key: first?.key, task: "a", status: "done" });
      expect(await store.find({})).toHaveLength(1);
      expect((await store.totals()).all.created).toBe(1);
    },
  },
  {
    id: "insert_refuses_bad_drafts",
    title: "a bad draft is refused with the name of its field, and nothing of the batch is written",
    async run({ store }) {
      const task = "task";
      const bad: [object, string][] = [
        [{}, "drafts[1].task"],
        [{ task: Number.NaN }, "drafts[1].task"],
        [{ task: { when: new Date(0) } }, "drafts[1].task"],
        [{ task: { list: [() => 1] } }, "drafts[1].task"],
        [{ task, labels: [""] }, "drafts[1].labels"],
        [{ task, labels: "text" }, "drafts[1].labels"],
        [{ task, labels: [1] }, "drafts[1].labels"],
        [{ task, labels: ["a", "half\ud800"] }, "drafts[1].labels"],
        [{ task, labels: ["nul\u0000"] }, "drafts[1].labels"],
        [{ task, priority: Number.POSITIVE_INFINITY }, "drafts[1].priority"],
        [{ task, priority: "high" }, "drafts[1].priority"],
        [{ task, notBefore: Number.NaN }, "drafts[1].notBefore"],
        [{ task, parent: "7" }, "drafts[1].parent"],
        [{ task, blockedBy: ["TICKET-0"] }, "drafts[1].blockedBy[0]"],
        [{ task, idempotencyKey: "" }, "drafts[1].idempotencyKey"],
        [{ task, idempotencyKey: "\udc00half" }, "drafts[1].idempotencyKey"],
        [{ task, idempotencyKey: "nul\u0000" }, "drafts[1].idempotencyKey"],
        [{ task, templateVariables: { n: 1 } }, "drafts[1].templateVariables.n"],
      ];
      for (const [draft, field] of bad) {
        const attempt = Reflect.apply(store.insert, store, [[{ task: "good" }, draft]]);
        await expect(attempt, field).rejects.toMatchObject({ code: "invalid_input", field });
      }
      expect(await store.find({})).toEqual([]);
      expect(await store.events({})).toEqual([]);
      expect((await store.totals()).all.created).toBe(0);
    },
  },
  {
    id: "insert_keeps_any_text",
    title:
      "texts that nobody looks up by may hold anything, and names every whole character: all come back as they were",
    async run({ store }) {
      const odd = "half \ud800 \udc00\ud83d, nul \u0000, line \u2028";
      const label = "\ufffd 🂡 e\u0301";
      const draft = {
        task: { [odd]: [odd] },
        reporter: odd,
        templateVariables: { [odd]: odd },
        labels: [label],
        idempotencyKey: label,
      };
      const ticket = await insertOne(store, draft);
      expect(ticket).toMatchObject(draft);
      expect(await insertOne(store, draft)).toEqual(ticket);
      expect(await store.find({ labels: [label] })).toEqual([ticket]);
      const { lease } = await claimOne(store, { labels: [label] });
      await store.commit(lease, { outcome: { status: "done", result: odd } });
      expect(await ticketNow(store, ticket)).toMatchObject({ ...draft, result: odd });
      expect(Object.keys((await store.totals()).labels)).toEqual([label]);
    },
  },
  {
    id: "insert_refuses_unknown_tickets",
    title: "a parent or blocker that does not exist is refused by name, and nothing is written",
    async run({ store }) {
      const known = await insertOne(store);
      const unknown = ticketKeyOf(99);
      await expect(store.insert([{ task: "a" }, { task: "b", parent: unknown }])).rejects.toMatchObject({
        code: "not_found",
        field: "drafts[1].parent",
      });
      await expect(store.insert([{ task: "a", blockedBy: [known.key, unknown] }])).rejects.toMatchObject({
        code: "not_found",
        field: "drafts[0].blockedBy[1]",
      });
      expect(await store.find({})).toHaveLength(1);
    },
  },
  {
    id: "insert_copies",
    title: "what the caller changes after the insert does not reach the store",
    async run({ store }) {
      const task = { list: ["a"] };
      const labels = ["x"];
      const ticket = await insertOne(store, { task, labels });
      task.list.push("b");
      labels.push("y");
      expect(await ticketNow(store, ticket)).toMatchObject({ task: { list: ["a"] }, labels: ["x"] });
    },
  },
  {
    id: "insert_order",
    title: "inserts that run at once keep each batch together and lose nothing",
    async run({ store }) {
      const batches = Array.from({ length: 20 }, (_, batch) =>
        store.insert([{ task: `${batch}a` }, { task: `${batch}b` }, { task: `${batch}c` }]),
      );
      const tickets = (await Promise.all(batches)).flat();
      expect(new Set(tickets.map(({ key }) => key)).size).toBe(60);
      expect(tasksOf(await store.find({}))).toEqual(tasksOf(tickets));
    },
  },
  {
    id: "insert_empty",
    title: "an empty batch is no error",
    async run({ store }) {
      expect(await store.insert([])).toEqual([]);
    },
  },
];
