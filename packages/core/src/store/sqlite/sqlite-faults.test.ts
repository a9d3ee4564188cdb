import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StoreNotice, TicketStore } from "../ticket-store.ts";
import { migrations } from "./migrations.ts";
import { type SqliteStoreOptions, sqliteStore } from "./sqlite-store.ts";

let dir: string;
let path: string;
let stores: TicketStore[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "agentwerk-"));
  path = join(dir, "data", "tickets.db");
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  stores = [];
  rmSync(dir, { recursive: true, force: true });
});

function open(options: Partial<SqliteStoreOptions> = {}): TicketStore {
  const store = sqliteStore({ path, durability: "process", ...options });
  stores.push(store);
  return store;
}

async function filled(): Promise<void> {
  const store = open();
  await store.insert(Array.from({ length: 500 }, (_, task) => ({ task: `${task} ${"x".repeat(200)}` })));
  await store.close();
}

describe("a file that cannot be opened", () => {
  test("is created for its owner only", async () => {
    await open().insert([{ task: "a" }]);
    expect(statSync(join(dir, "data")).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(join(dir, "data"))) {
      expect(statSync(join(dir, "data", file)).mode & 0o777, file).toBe(0o600);
    }
  });

  test("is refused with its path and the next step when it is no database, and stays as it is", () => {
    mkdirSync(join(dir, "data"));
    const text = "This is not a database, but somebody's diary. ".repeat(100);
    writeFileSync(path, text);
    expect(() => open()).toThrow(expect.objectContaining({ code: "store_corrupt" }));
    expect(() => open()).toThrow(path);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  test("is refused when its directory cannot be made or it is a directory", () => {
    writeFileSync(join(dir, "data"), "a regular file");
    expect(() => open()).toThrow(expect.objectContaining({ code: "store_unavailable" }));
    expect(() => open({ path: dir })).toThrow(expect.objectContaining({ code: "store_unavailable" }));
  });

  test.runIf(existsSync("/proc/self"))(
    "is refused, and not tried for ever, where no directory can be made",
    () => {
      expect(() => open({ path: "/proc/agentwerk/tickets.db" })).toThrow(
        /The folder \/proc\/agentwerk cannot be made: .* Name one that you can write to/,
      );
    },
  );

  test("is refused when it was written by a later version or by another program, and stays as it is", async () => {
    await filled();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 999");
    database.close();
    const later = readFileSync(path);
    expect(() => open()).toThrow(expect.objectContaining({ code: "unsupported" }));
    expect(readFileSync(path).equals(later)).toBe(true);

    const foreign = join(dir, "foreign.db");
    const other = new DatabaseSync(foreign);
    other.exec("CREATE TABLE songs (title TEXT)");
    other.close();
    const before = readFileSync(foreign);
    expect(() => open({ path: foreign })).toThrow(/another program/);
    expect(readFileSync(foreign).equals(before)).toBe(true);
  });

  test("of an earlier version is brought up to date, with its tickets", async () => {
    mkdirSync(join(dir, "data"));
    const database = new DatabaseSync(path);
    database.exec(`${migrations[0]}; PRAGMA application_id = 1634170731; PRAGMA user_version = 1`);
    database.close();
    const first = open();
    const [ticket] = await first.insert([{ task: "old", budget: { maxCost: 1 } }]);
    await first.close();
    expect(await open().find({})).toEqual([ticket]);
    expect(ticket?.envelopes).toEqual([{ key: ticket?.key, maxCost: 1 }]);
  });

  test("is refused without a path", () => {
    expect(() => open({ path: "" })).toThrow(
      expect.objectContaining({ code: "invalid_input", field: "path" }),
    );
  });
});

test("damage in the middle of the file rejects what touches it, with the path", async () => {
  await filled();
  const bytes = readFileSync(path);
  bytes.fill(0xff, 24 * 4_096);
  writeFileSync(path, bytes);
  const store = open();
  await expect(store.find({})).rejects.toMatchObject({
    code: "store_corrupt",
    message: expect.stringContaining(path),
  });
});

test("a full file rejects the writes that do not fit, changes nothing, and goes on when there is room", async () => {
  const store = open({ maxBytes: 300_000 });
  const big = { task: "x".repeat(20_000) };
  let stored = 0;
  const fill = async (): Promise<void> => {
    for (;;) {
      await store.insert([big, big]);
      stored += 2;
    }
  };
  await expect(fill()).rejects.toMatchObject({ code: "store_full" });
  expect(stored).toBeGreaterThan(2);
  const claims = await store.claim({
    worker: "w",
    leaseMs: 60_000,
    wants: [{ agent: "a", labels: [], limit: 4 }],
  });
  expect(await store.find({})).toHaveLength(stored);
  expect((await store.totals()).all.created).toBe(stored);
  for (const { lease } of claims) await store.commit(lease, { outcome: { status: "done", result: null } });
  expect(await store.prune({})).toBe(4);
  await store.insert([big]);
  expect(await store.find({})).toHaveLength(stored - 3);
});

describe("a lock that another process holds", () => {
  test("is waited for without blocking the event loop, and refused after the time limit; nothing is written", async () => {
    const store = open({ busyTimeoutMs: 300 });
    await store.insert([{ task: "a" }]);
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await expect(store.insert([{ task: "b" }])).rejects.toMatchObject({ code: "store_busy" });
    delay.disable();
    expect(delay.max / 1e6).toBeLessThan(150);
    other.exec("ROLLBACK");
    other.close();
    expect(await store.find({})).toHaveLength(1);
    await store.insert([{ task: "c" }]);
  });

  test("is waited for again by a process that was held up itself for longer than the time limit", async () => {
    const store = open({ busyTimeoutMs: 300 });
    await store.insert([{ task: "a" }]);
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const written = store.insert([{ task: "b" }]);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    setTimeout(() => other.exec("COMMIT"), 10);
    await expect(written).resolves.toMatchObject([{ task: "b" }]);
    other.close();
  });

  test("is taken as soon as it is free, and what waited is written in order", async () => {
    const store = open();
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const writes = [store.insert([{ task: 1 }]), store.insert([{ task: 2 }]), store.insert([{ task: 3 }])];
    setTimeout(() => other.exec("COMMIT"), 60);
    const tickets = (await Promise.all(writes)).flat();
    other.close();
    expect(tickets.map(({ task }) => task)).toEqual([1, 2, 3]);
  });
});

describe("group commit", () => {
  test("puts what became ready in one turn into one transaction", async () => {
    const store = open();
    const notices: StoreNotice[] = [];
    store.watch((notice) => notices.push(notice));
    await Promise.all(Array.from({ length: 50 }, (_, task) => store.insert([{ task }])));
    expect(notices).toHaveLength(1);
  });

  test("lets lazy writes wait for company, but not longer than 25 ms", async () => {
    const store = open();
    const notices: StoreNotice[] = [];
    store.watch((notice) => notices.push(notice));
    const event = { type: "run_started", worker: "w", labels: [] } as const;
    let turns = 0;
    const count = (): void => {
      turns++;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    const waits = [store.append([event]), store.append([event])];
    await store.insert([{ task: "company" }]);
    await Promise.all(waits);
    expect(notices).toHaveLength(1);
    clearImmediate(next);
    // A wait of 25 ms takes thousands of turns of the event loop.
    expect(turns).toBeLessThan(10);
    await store.append([event]);
    expect(notices).toHaveLength(2);
  });
});
