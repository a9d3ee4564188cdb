import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, test } from "vitest";
import { TicketSystem } from "../../system/ticket-system.ts";
import { storeSuite } from "../../testing/store-suite.ts";
import { ticketKeyOf } from "../../ticket/ticket-key.ts";
import type { StoreNotice, TicketStore } from "../ticket-store.ts";
import { migrations } from "./migrations.ts";
import { type SqliteStoreOptions, sqliteStore } from "./sqlite-store.ts";

const dir = mkdtempSync(join(tmpdir(), "agentwerk-read-only-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let files = 0;
const newPath = (): string => join(dir, `${++files}.db`);
const paths = new WeakMap<TicketStore, string>();

/** Written by one connection, and read by another that is read-only. */
function pair(options: SqliteStoreOptions): TicketStore {
  const writer = sqliteStore({ ...options, durability: "process" });
  const { get, find, replies, events, totals, account, outlook, close } = sqliteStore({
    ...options,
    readOnly: true,
  });
  const reads = { get, find, replies, events, totals, account, outlook };
  const both = {
    ...writer,
    ...reads,
    close: async () => {
      await close();
      await writer.close();
    },
  };
  paths.set(both, options.path);
  return both;
}

storeSuite({
  name: "sqlite, read through a read-only connection",
  skip: {
    commit_order: "two connections: a read knows nothing of the writes that the other has not committed",
  },
  open: async (options) => pair({ ...options, path: newPath() }),
  join: async (store, options) => pair({ ...options, path: paths.get(store) ?? "" }),
});

async function filled(): Promise<string> {
  const path = newPath();
  const store = sqliteStore({ path });
  await store.insert([{ task: "a" }, { task: "b" }]);
  await store.close();
  return path;
}

describe("a store that only looks", () => {
  test("refuses every write, and leaves the file as it is", async () => {
    const path = await filled();
    const before = readFileSync(path);
    const store = sqliteStore({ path, readOnly: true });
    const key = ticketKeyOf(1);
    const lease = { key, token: 1, worker: "w", expiresAt: 1 };
    const wants = [{ agent: "a", labels: [""], limit: 1 }];
    for (const [name, write] of Object.entries({
      insert: () => store.insert([{ task: "c" }]),
      claim: () => store.claim({ worker: "w", leaseMs: 1_000, wants }),
      renew: () => store.renew([lease], 1_000),
      release: () => store.release(lease),
      commit: () => store.commit(lease, { outcome: { status: "done", result: null } }),
      append: () => store.append([{ type: "run_started", worker: "w", labels: [] }]),
      update: () => store.update(key, { type: "cancel" }),
      prune: () => store.prune({}),
    })) {
      await expect(write(), name).rejects.toMatchObject({
        code: "unsupported",
        message: expect.stringContaining(`${path} is open to read only, and nothing was written.`),
      });
    }
    expect(await store.find({})).toHaveLength(2);
    await store.close();
    await expect(store.find({})).rejects.toMatchObject({ code: "closed" });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("makes neither file nor namespace, and brings no schema up to date", async () => {
    const none = newPath();
    expect(() => sqliteStore({ path: none, readOnly: true })).toThrow(`There is no store at ${none} yet.`);
    expect(existsSync(none)).toBe(false);

    const path = await filled();
    expect(() => sqliteStore({ path, namespace: "other", readOnly: true })).toThrow("has no namespace other");

    const old = newPath();
    const database = new DatabaseSync(old);
    database.exec(`${migrations[0]}; PRAGMA application_id = 1634170731; PRAGMA user_version = 1`);
    database.close();
    const before = readFileSync(old);
    expect(() => sqliteStore({ path: old, readOnly: true })).toThrow(/earlier version .* open it once/);
    expect(readFileSync(old).equals(before)).toBe(true);
  });

  test("is what a ticket system can be asked about, and file nothing with", async () => {
    const path = await filled();
    const store = sqliteStore({ path, readOnly: true });
    await using tickets = new TicketSystem({ store });
    expect(await tickets.find("task = a")).toMatchObject([{ key: "TICKET-1", status: "todo" }]);
    expect(await tickets.explain("TICKET-1")).toMatchObject({ reason: "no_agent" });
    await expect(tickets.task("c")).rejects.toMatchObject({ code: "unsupported" });
    await store.close();
  });

  test("sees, with others like it, what a writer beside it writes, and is told of it", async () => {
    const path = await filled();
    const writer = sqliteStore({ path, durability: "process" });
    const readers = [sqliteStore({ path, readOnly: true }), sqliteStore({ path, readOnly: true })];
    const notices: StoreNotice[] = [];
    readers[0]?.watch((notice) => notices.push(notice));
    await writer.insert([{ task: "c" }]);
    for (const reader of readers) expect(await reader.find({})).toHaveLength(3);
    await expect.poll(() => notices, { timeout: 20_000 }).toContainEqual({ origin: "remote" });
    await Promise.all([...readers, writer].map((store) => store.close()));
  });
});
