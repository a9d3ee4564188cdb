import { expect } from "vitest";
import type { AgentwerkEvent } from "../../event/event.ts";
import type { StoreNotice } from "../../store/ticket-store.ts";
import { claim, claimOne, done, insertOne, type StoreCase } from "./store-case.ts";

const eventsOf = (notices: readonly StoreNotice[]): AgentwerkEvent[] =>
  notices.flatMap((notice) => (notice.origin === "local" ? notice.events : []));

export const eventCases: readonly StoreCase[] = [
  {
    id: "events_log",
    title:
      "event ids grow without reuse; a cursor continues without gaps; types, ticket and limit narrow the answer",
    async run({ store }) {
      const a = await insertOne(store, { labels: ["x"] });
      await insertOne(store, { reporter: "Ada", parent: a.key });
      await store.append([
        { type: "run_started", worker: "w", labels: [] },
        { type: "knowledge_written", slug: "page", ticket: a.key, labels: ["x"] },
      ]);
      const all = await store.events({});
      expect(all.map(({ type }) => type)).toEqual([
        "ticket_created",
        "ticket_created",
        "run_started",
        "knowledge_written",
      ]);
      expect(all[0]).toMatchObject({ ticket: a.key, labels: ["x"] });
      expect(all[1]).toMatchObject({ reporter: "Ada", parent: a.key, labels: [] });
      const ids = all.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)].sort((left, right) => left - right));
      for (const [place, { id }] of all.entries()) {
        expect(await store.events({ after: id })).toEqual(all.slice(place + 1));
      }
      expect(await store.events({ limit: 3 })).toEqual(all.slice(0, 3));
      expect(await store.events({ limit: 1, after: ids[1] })).toEqual(all.slice(2, 3));
      expect(await store.events({ types: ["run_started"] })).toEqual(all.slice(2, 3));
      expect(await store.events({ types: ["knowledge_written", "ticket_created"], limit: 3 })).toHaveLength(
        3,
      );
      expect(await store.events({ ticket: a.key })).toEqual([all[0], all[3]]);
      expect(await store.events({ ticket: a.key, after: ids[0] })).toEqual([all[3]]);
      await expect(store.events({ limit: -1 })).rejects.toMatchObject({
        code: "invalid_input",
        field: "limit",
      });
    },
  },
  {
    id: "events_many",
    title: "rare events are found behind many others, one by one and by the default limit of 1,000",
    async run({ store }) {
      await store.append([{ type: "run_started", worker: "first", labels: [] }]);
      const page = { type: "knowledge_written", slug: "page", labels: [] } as const;
      await store.append(Array.from({ length: 1_500 }, () => page));
      await store.append([{ type: "run_started", worker: "second", labels: [] }]);
      expect(await store.events({ types: ["run_started"], limit: 5 })).toHaveLength(2);
      const first = await store.events({});
      expect(first).toHaveLength(1_000);
      expect(await store.events({ after: first.at(-1)?.id })).toHaveLength(502);
    },
  },
  {
    id: "watch_after_commit",
    title: "a watcher hears what was stored, in order, before the caller knows (invariant 7)",
    async run({ store }) {
      const notices: StoreNotice[] = [];
      store.watch((notice) => notices.push(notice));
      await insertOne(store);
      expect(eventsOf(notices).map(({ type }) => type)).toEqual(["ticket_created"]);
      const { lease } = await claimOne(store);
      await store.commit(lease, { events: [{ type: "turn_started", turn: 1, labels: [] }], ...done });
      expect(eventsOf(notices)).toEqual(await store.events({}));
    },
  },
  {
    id: "watch_refused",
    title: "a watcher hears nothing of what was refused, and nothing of a claim that found nothing",
    async run({ store }) {
      await insertOne(store);
      const { lease } = await claimOne(store);
      const notices: StoreNotice[] = [];
      store.watch((notice) => notices.push(notice));
      await store.commit({ ...lease, token: 99 }, done).catch(() => undefined);
      expect(await claim(store)).toEqual([]);
      expect(notices).toEqual([]);
    },
  },
  {
    id: "watch_signal",
    title: "a watcher ends with its signal; one that throws harms nobody",
    async run({ store }) {
      const controller = new AbortController();
      const heard: string[] = [];
      store.watch(() => heard.push("aborted"), { signal: AbortSignal.abort() });
      store.watch(() => {
        throw new Error("A watcher that breaks the rules.");
      });
      store.watch(() => heard.push("first"), { signal: controller.signal });
      store.watch(() => heard.push("second"));
      await insertOne(store);
      controller.abort();
      await insertOne(store);
      expect(heard).toEqual(["first", "second", "second"]);
    },
  },
  {
    id: "watch_writer",
    title: "a watcher may write; every watcher still hears everything in order",
    async run({ store }) {
      const heard: number[] = [];
      let follow: Promise<unknown> | undefined;
      store.watch(() => {
        follow ??= insertOne(store);
      });
      store.watch((notice) => {
        if (notice.origin === "local") heard.push(...notice.events.map(({ id }) => id));
      });
      await insertOne(store);
      await follow;
      const ids = (await store.events({})).map(({ id }) => id);
      expect(heard).toEqual(ids);
      expect(ids).toHaveLength(2);
    },
  },
];
