import { memoryStore, systemClock, TicketSystem } from "@agentwerk/core";
import { expect, test } from "vitest";
import { TicketWatch } from "./ticket-watch.ts";

test("tells of what happens from the first listener on, and of each ticket that changed", async () => {
  const store = memoryStore();
  await using tickets = new TicketSystem({ store });
  const watch = new TicketWatch({ store, clock: systemClock });
  for (let number = 0; number < 37; number++) await tickets.task("before");
  const changed: string[] = [];

  const stop = await watch.observe((changes) => changed.push(...changes.keys()));
  await tickets.task("after");
  await tickets.cancel("TICKET-3");
  await expect.poll(() => changed).toContain("TICKET-3");
  stop();
  await tickets.cancel("TICKET-4");

  expect([...new Set(changed)]).toEqual(["TICKET-38", "TICKET-3"]);
  const later: string[] = [];
  await watch.observe((changes) => later.push(...changes.keys()));
  await tickets.cancel("TICKET-5");
  await expect.poll(() => later).toContain("TICKET-5");
  expect(later).not.toContain("TICKET-4");
  watch.close();
});

test("reads nothing while nobody listens", async () => {
  const store = memoryStore();
  let reads = 0;
  const counted = {
    ...store,
    events: (query: Parameters<typeof store.events>[0]) => {
      reads++;
      return store.events(query);
    },
  };
  const watch = new TicketWatch({ store: counted, clock: systemClock });
  await store.insert([{ task: "x" }]);
  await store.update("TICKET-1" as never, { type: "cancel" });

  expect(reads).toBe(0);
  watch.close();
});

test("a page of the log is no limit", async () => {
  const store = memoryStore();
  const watch = new TicketWatch({ store, clock: systemClock });
  const changed = new Set<string>();
  await watch.observe((changes) => {
    for (const key of changes.keys()) changed.add(key);
  });

  await store.insert(Array.from({ length: 2_500 }, () => ({ task: "x" })));

  await expect.poll(() => changed.size).toBe(2_500);
  watch.close();
});

test("one that comes at the same time takes no event from another", async () => {
  const store = memoryStore();
  await using tickets = new TicketSystem({ store });
  const gates: PromiseWithResolvers<void>[] = [];
  let isHeld = false;
  const held: typeof store = {
    ...store,
    async events(query) {
      if (isHeld) {
        const gate = Promise.withResolvers<void>();
        gates.push(gate);
        await gate.promise;
      }
      return store.events(query);
    },
  };
  const watch = new TicketWatch({ store: held, clock: systemClock });
  await tickets.task("first");
  const seen: string[] = [];

  // The second looks for the end of the log while the first is told of what it holds already.
  isHeld = true;
  const second = watch.observe(() => {});
  isHeld = false;
  await watch.observe((changes) => seen.push(...changes.keys()));
  isHeld = true;
  await tickets.task("next");
  isHeld = false;
  const [looks, reads] = [gates.shift(), gates];
  looks?.resolve();
  await second;
  for (const gate of reads) gate.resolve();
  await tickets.task("last");

  await expect.poll(() => seen).toEqual(expect.arrayContaining(["TICKET-2", "TICKET-3"]));
  watch.close();
});
