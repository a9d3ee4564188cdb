import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeClock } from "../../testing/fake-clock.ts";
import { claimOne, comment, done, insertOne } from "../../testing/store/store-case.ts";
import { migrations } from "../sqlite/migrations.ts";
import { sqliteArchive } from "../sqlite/sqlite-archive.ts";
import { sqliteStore } from "../sqlite/sqlite-store.ts";
import { copyArchive } from "./copy-archive.ts";
import { HeldTicketsError } from "./held-tickets-error.ts";
import type { StoreArchive } from "./store-archive.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "agentwerk-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const path = (name: string): string => join(dir, `${name}.db`);
const hashOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

async function recordsOf(archive: StoreArchive): Promise<readonly string[]> {
  await using snapshot = await archive.open();
  const lines: string[] = [];
  for await (const record of snapshot.records()) lines.push(JSON.stringify(record));
  return lines;
}

test("other namespaces of both files stay out of it, and the file that is read does not change", async () => {
  const names = ["first", "second"];
  for (const [place, namespace] of names.entries()) {
    const store = sqliteStore({ path: path("from"), namespace });
    for (let task = 0; task <= place; task++) await insertOne(store, { task: `${namespace} ${task}` });
    await store.close();
  }
  const other = sqliteStore({ path: path("to"), namespace: "other" });
  await insertOne(other, { task: "other" });
  await other.close();
  const before = hashOf(path("from"));
  const others = await recordsOf(sqliteArchive({ path: path("to"), namespace: "other" }));

  const from = sqliteArchive({ path: path("from"), namespace: "second" });
  const to = sqliteArchive({ path: path("to"), namespace: "third" });
  expect(await copyArchive(from, to)).toEqual({
    tickets: 2,
    replies: 0,
    events: 2,
    held: 0,
    otherNamespaces: ["first"],
    hasMovedOn: false,
  });
  expect(await recordsOf(to)).toEqual(await recordsOf(from));
  expect(await recordsOf(sqliteArchive({ path: path("to"), namespace: "other" }))).toEqual(others);
  expect(hashOf(path("from"))).toBe(before);
});

test("a snapshot is one moment, however much is written and pruned while it is read", async () => {
  const store = sqliteStore({ path: path("busy"), durability: "process" });
  await store.insert(Array.from({ length: 50 }, (_, task) => ({ task })));
  const archive = sqliteArchive({ path: path("busy") });
  const before = await recordsOf(archive);
  await using snapshot = await archive.open();
  const lines: string[] = [];
  for await (const record of snapshot.records()) {
    lines.push(JSON.stringify(record));
    if (lines.length % 10 !== 0) continue;
    const { lease } = await claimOne(store);
    await store.commit(lease, { replies: [comment("late")], ...done });
    await insertOne(store, { task: "late" });
    await store.prune({});
  }
  expect(lines).toEqual(before);
  expect(await recordsOf(archive)).not.toEqual(before);
  await store.close();
});

test("a held ticket is waited for by the store's clock until its lease has run out, and no longer than allowed", async () => {
  const clock = fakeClock();
  const store = sqliteStore({ path: path("held"), clock });
  await insertOne(store);
  await claimOne(store, { leaseMs: 5_000 });
  const from = sqliteArchive({ path: path("held"), clock });
  const waiting = (): void => void setImmediate(() => clock.advance(400));
  const options = { clock, onProgress: waiting };
  const refused = await copyArchive(from, sqliteArchive({ path: path("never") }), {
    ...options,
    waitMs: 2_000,
  }).catch((error: unknown) => error);
  expect(HeldTicketsError.isInstance(refused)).toBe(true);
  expect(refused).toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/: TICKET-1 by worker\. .* within \d s; with waitMs .* held: "copy"\.$/),
    problem: expect.stringMatching(/: TICKET-1 by worker\. .* within \d s$/),
    held: [{ key: "TICKET-1", worker: "worker" }],
  });
  expect(existsSync(path("never"))).toBe(false);
  const to = sqliteArchive({ path: path("later") });
  expect(await copyArchive(from, to, { ...options, waitMs: 20_000 })).toMatchObject({ tickets: 1, held: 0 });
  await store.close();
});

test("files of earlier and later versions, and of other programs, are refused as they are", async () => {
  const to = sqliteArchive({ path: path("to") });
  const older = new DatabaseSync(path("older"));
  older.exec(`${migrations[0] ?? ""}; PRAGMA application_id = 0x6167776b; PRAGMA user_version = 1`);
  older.close();
  const store = sqliteStore({ path: path("later") });
  await store.close();
  const later = new DatabaseSync(path("later"));
  later.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  later.close();
  const foreign = new DatabaseSync(path("foreign"));
  foreign.exec("CREATE TABLE diary (entry TEXT)");
  foreign.close();
  for (const [name, code, message] of [
    ["older", "unsupported", "agentwerk store status"],
    ["later", "unsupported", "later version"],
    ["foreign", "store_unavailable", "another program"],
  ] as const) {
    const before = hashOf(path(name));
    await expect(copyArchive(sqliteArchive({ path: path(name) }), to), name).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(hashOf(path(name)), name).toBe(before);
  }
  expect(existsSync(path("to"))).toBe(false);
});

test("records of another version are refused, and so are those that do not add up", async () => {
  const store = sqliteStore({ path: path("from") });
  await store.insert([{ task: 1 }, { task: 2 }]);
  await store.close();
  const lines = await recordsOf(sqliteArchive({ path: path("from") }));
  const to = sqliteArchive({ path: path("to") });
  const restore = (changed: readonly string[]): Promise<void> =>
    to.restore(
      (async function* () {
        for (const line of changed) yield JSON.parse(line);
      })(),
    );
  const [first = "", ...rest] = lines;
  await expect(restore([first.replace('"version":1', '"version":2'), ...rest])).rejects.toMatchObject({
    code: "unsupported",
  });
  for (const changed of [rest, lines.slice(0, -1), [first, ...rest.slice(1)], []]) {
    await expect(restore(changed)).rejects.toMatchObject({ code: "store_corrupt" });
  }
  await restore(lines);
  expect(await recordsOf(to)).toEqual(lines);
});
