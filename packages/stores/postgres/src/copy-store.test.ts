import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AgentLike, TicketSystem } from "@agentwerk/core";
import { copyArchive, type StoreArchive } from "@agentwerk/core/store-kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyStore, type StorePlace } from "./copy-store.ts";
import { archiveAt, claim, comment, fill, storeAt } from "./testing/copy-bench.ts";
import { lookAt, recordsOf } from "./testing/look-at-store.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let dir: string;
let places = 0;
beforeAll(async () => {
  server = await startTestServer();
  dir = mkdtempSync(join(tmpdir(), "agentwerk-copy-"));
}, 120_000);
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await server.close();
}, 60_000);

test("a store goes from SQLite to PostgreSQL and back with nothing lost, and works on in each", async () => {
  const paths = [join(dir, "from.db"), join(dir, "back.db")] as const;
  const source = storeAt({ url: paths[0] });
  await fill(source);
  const before = await lookAt(source);
  await source.close();

  const report = await copyStore({ url: paths[0] }, { url: server.url() });
  expect(report).toMatchObject({ tickets: 6, held: 0, hasMovedOn: false });
  const middle = storeAt({ url: server.url() });
  expect(await lookAt(middle)).toEqual(before);
  await middle.close();
  await copyStore({ url: server.url() }, { url: paths[1] });
  const back = storeAt({ url: paths[1] });
  expect(await lookAt(back)).toEqual(before);

  const again = storeAt({ url: server.url() });
  for (const store of [back, again]) {
    expect(await store.insert([{ task: "known", idempotencyKey: "k" }])).toMatchObject([{ key: "TICKET-1" }]);
    expect(await store.insert([{ task: "new" }])).toMatchObject([{ key: "TICKET-8" }]);
    const blocker = await claim(store, ["d"]);
    await store.commit(blocker.lease, { outcome: { status: "done", result: 1 } });
    expect((await claim(store, [])).ticket.task).toBe("blocked");
    await store.close();
  }
}, 60_000);

test("from PostgreSQL to PostgreSQL and from SQLite to SQLite it is the same", async () => {
  const from = { url: server.url(), namespace: "one" };
  const to = { url: await server.createDatabase(), namespace: "other" };
  const source = storeAt(from);
  await fill(source);
  await source.close();
  await copyStore(from, to);
  const paths = ["three.db", "four.db"].map((name) => join(dir, name));
  await copyStore(to, { url: paths[0] ?? "" });
  await copyStore({ url: paths[0] ?? "" }, { url: paths[1] ?? "", namespace: "last" });
  const records = await recordsOf(archiveAt(from));
  expect(records.length).toBeGreaterThan(30);
  expect(await recordsOf(archiveAt(to))).toEqual(records);
  expect(await recordsOf(archiveAt({ url: paths[0] ?? "" }))).toEqual(records);
  expect(await recordsOf(archiveAt({ url: paths[1] ?? "", namespace: "last" }))).toEqual(records);
}, 60_000);

test("explanations are the same, and a retry in the copy tells of the attempts before", async () => {
  const path = join(dir, "explained.db");
  const source = storeAt({ url: path });
  await fill(source);
  const second = await claim(source, ["b"]);
  await source.commit(second.lease, {
    outcome: { status: "failed", failure: { reason: "given_up", message: "again no" } },
  });
  await source.update(second.ticket.key, { type: "retry" });
  const third = await claim(source, ["b"]);
  const to = { url: server.url(), namespace: "explained" };
  await copyStore({ url: path }, to, { held: "copy" });
  const copy = storeAt(to);
  const agents: AgentLike[] = [];
  for (const store of [source, copy]) {
    await store.commit(third.lease, {
      outcome: { status: "failed", failure: { reason: "given_up", message: "still no" } },
    });
  }
  const systems = [source, copy].map((store) => new TicketSystem({ store, agents }));
  const keys = (await source.find({})).map(({ key }) => key);
  const explained = systems.map((system) => Promise.all(keys.map((key) => system.explain(key))));
  const withoutEnd = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === "endedAt" ? undefined : item)));
  expect(withoutEnd(await explained[1])).toEqual(withoutEnd(await explained[0]));
  const failures = (await copy.get(third.ticket.key))?.failures;
  expect(failures).toHaveLength(3);
  expect(failures?.[2]?.startedAt).toBe((await source.get(third.ticket.key))?.failures?.[2]?.startedAt);
  for (const system of systems) await system.close();
}, 60_000);

describe.each([
  ["SQLite", (): StorePlace => ({ url: join(dir, `held ${++places}.db`) })],
  ["PostgreSQL", (): StorePlace => ({ url: server.url(), namespace: `held ${++places}` })],
])("while a worker holds a ticket of %s", (_name, place) => {
  test("a copy is refused with what to do, and the target stays as it was", async () => {
    const from = place();
    const source = storeAt(from);
    await source.insert([{ task: 1 }]);
    await claim(source, []);
    await source.close();
    const to = join(dir, `refused ${++places}.db`);
    await expect(copyStore(from, { url: to })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(
        /TICKET-1 by worker\. .* within (60|59|61) s; with waitMs .* held: "copy"\.$/,
      ),
    });
    expect(existsSync(to)).toBe(false);
  });

  test("a copy that may wait begins when the ticket was given back", async () => {
    const from = place();
    const source = storeAt(from);
    await source.insert([{ task: 1 }]);
    const { lease } = await claim(source, []);
    const phases: string[] = [];
    const onProgress = ({ phase }: { phase: string }): void => {
      if (phases.push(phase) === 1) void source.release(lease);
    };
    const to = join(dir, `waited ${++places}.db`);
    expect(await copyStore(from, { url: to }, { waitMs: 30_000, onProgress })).toMatchObject({ held: 0 });
    expect(phases[0]).toBe("waiting");
    await source.close();
  });

  test("a copy of this moment has the lease, and says that the source went on", async () => {
    const from = place();
    const source = storeAt(from);
    await source.insert([{ task: 1 }]);
    const { lease } = await claim(source, []);
    await source.reserve(lease, { amounts: { cost: 2, inputTokens: 3, outputTokens: 4 } });
    const to = { url: server.url(), namespace: `live ${++places}` };
    let finished: Promise<unknown> | undefined;
    const onProgress = (): void => {
      finished ??= source.commit(lease, { outcome: { status: "done", result: 1 } });
    };
    const target: StoreArchive = {
      ...archiveAt(to),
      async restore(records) {
        await archiveAt(to).restore(records);
        await finished;
      },
    };
    expect(await copyArchive(archiveAt(from), target, { held: "copy", onProgress })).toMatchObject({
      held: 1,
      hasMovedOn: true,
    });
    const copy = storeAt(to);
    expect(await copy.get(lease.key)).toMatchObject({
      status: "in_progress",
      lease: { worker: "worker", until: lease.expiresAt },
      reserved: { cost: 2 },
    });
    await copy.close();
    await source.close();
  });
});

test("a copy under writers is one consistent moment", async () => {
  const from = { url: server.url(), namespace: "busy" };
  const source = storeAt(from);
  await source.insert([{ task: "first", labels: ["w"] }]);
  let isOver = false;
  const write = async (worker: string): Promise<void> => {
    while (!isOver) {
      await source.insert([{ task: worker, labels: ["w"] }]);
      const claims = await source.claim({
        worker,
        leaseMs: 60_000,
        wants: [{ agent: worker, labels: ["w"], limit: 2 }],
      });
      for (const { lease } of claims) {
        await source.commit(lease, {
          replies: [comment("a")],
          work: { turns: 1 },
          outcome: { status: "done", result: worker },
        });
      }
    }
  };
  const writers = ["one", "two", "three"].map(write);
  try {
    for (const round of [1, 2, 3]) {
      const path = join(dir, `busy ${round}.db`);
      await copyStore(from, { url: path }, { held: "copy" });
      const copy = storeAt({ url: path });
      const tickets = await copy.find({});
      const { all } = await copy.totals();
      const events = await copy.events({ limit: 1_000_000 });
      const count = (type: string): number => events.filter((event) => event.type === type).length;
      const finished = tickets.filter(({ status }) => status === "done").length;
      expect(all).toMatchObject({ created: tickets.length, done: finished, work: { turns: finished } });
      expect([count("ticket_created"), count("ticket_done")]).toEqual([tickets.length, finished]);
      await copy.close();
    }
  } finally {
    isOver = true;
    await Promise.all(writers);
    await source.close();
  }
}, 60_000);

test("a copy is refused into what is not empty, and from what is not there", async () => {
  const path = join(dir, "some.db");
  const source = storeAt({ url: path });
  await source.insert([{ task: 1 }]);
  await source.close();
  const full = { code: "conflict", message: expect.stringContaining("is not empty") };
  await expect(copyStore({ url: path }, { url: server.url() })).rejects.toMatchObject(full);
  await expect(copyStore({ url: path }, { url: path })).rejects.toMatchObject(full);
  await expect(copyStore({ url: join(dir, "none.db") }, { url: path })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(existsSync(join(dir, "none.db"))).toBe(false);
  const elsewhere = { url: server.url(), namespace: "nowhere" };
  await expect(copyStore(elsewhere, { url: path })).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringMatching(/has no namespace nowhere\. It has .*default/),
  });
  const empty = { url: await server.createDatabase() };
  await expect(copyStore(empty, { url: path })).rejects.toMatchObject({ code: "not_found" });
});

test("two copies into one namespace at once: one of them is there, the other is refused", async () => {
  const path = join(dir, "twice.db");
  const source = storeAt({ url: path });
  await source.insert(Array.from({ length: 3_000 }, (_, task) => ({ task })));
  await source.close();
  const to = { url: server.url(), namespace: "twice" };
  const copies = await Promise.allSettled([copyStore({ url: path }, to), copyStore({ url: path }, to)]);
  expect(copies.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const refused = copies.find((copy) => copy.status === "rejected");
  expect(refused?.reason).toMatchObject({ code: "conflict" });
  expect(await recordsOf(archiveAt(to))).toEqual(await recordsOf(archiveAt({ url: path })));
});

test("a copy that is cut off or called back leaves nothing, and the next one is whole", async () => {
  const path = join(dir, "cut.db");
  const source = storeAt({ url: path });
  await source.insert(Array.from({ length: 3_000 }, (_, task) => ({ task, labels: ["a"] })));
  await source.close();
  const from = archiveAt({ url: path });
  const records = await recordsOf(from);
  for (const to of [
    archiveAt({ url: server.url(), namespace: "cut" }),
    archiveAt({ url: join(dir, "cut to.db") }),
  ]) {
    const cut = async function* () {
      for (const line of records.slice(0, -1)) yield JSON.parse(line);
    };
    await expect(to.restore(cut())).rejects.toMatchObject({ code: "store_corrupt" });
    const { signal, abort } = abortable();
    const onProgress = ({ phase }: { phase: string }): void => void (phase === "copying" && abort());
    await expect(copyArchive(from, to, { signal, onProgress })).rejects.toThrow("called back");
    await using empty = await to.open();
    expect(empty.counts).toEqual({ tickets: 0, replies: 0, events: 0 });
    await copyArchive(from, to);
    expect(await recordsOf(to)).toEqual(records);
  }
});

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(new Error("called back")) };
}
