import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyArchive, type StoreArchive, type StoreRecord } from "@agentwerk/core/store-kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StorePlace } from "./copy-store.ts";
import { archiveAt, comment, storeAt } from "./testing/copy-bench.ts";
import { recordsOf } from "./testing/look-at-store.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

const program = fileURLToPath(new URL("./testing/copy.program.ts", import.meta.url));
/** Enough for several statements. */
const tickets = 2_000;

let server: TestServer;
let dir: string;
beforeAll(async () => {
  server = await startTestServer();
  dir = mkdtempSync(join(tmpdir(), "agentwerk-copy-"));
}, 120_000);
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await server.close();
}, 60_000);

async function fill(place: StorePlace): Promise<void> {
  const store = storeAt(place);
  for (let inserted = 0; inserted < tickets; inserted += 500) {
    await store.insert(Array.from({ length: 500 }, () => ({ task: "x".repeat(500), labels: ["a"] })));
  }
  const wants = [{ agent: "agent", labels: ["a"], limit: tickets / 2 }];
  const claims = await store.claim({ worker: "worker", leaseMs: 600_000, wants });
  await Promise.all(
    claims.map(({ lease }) =>
      store.commit(lease, { replies: [comment("one")], outcome: { status: "done", result: "y" } }),
    ),
  );
  await store.close();
}

/** Copies in a process of its own, which is killed at that part of the way if one is given; answers whether it got to the end. */
async function copyInProcess(
  from: StorePlace,
  to: StorePlace,
  { killAt, flags = [] }: { readonly killAt?: number; readonly flags?: readonly string[] } = {},
): Promise<boolean> {
  const names = [from.url, to.url, from.namespace ?? "default", killAt === undefined ? "" : String(killAt)];
  const child = spawn(process.execPath, [...flags, "--conditions=@agentwerk/source", program, ...names], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stdout.once("data", (said) => {
    if (String(said).startsWith("stopped")) child.kill("SIGKILL");
  });
  return (await closed) === 0;
}

test.each([
  ["SQLite to PostgreSQL", "sqlite", "postgres"],
  ["PostgreSQL to SQLite", "postgres", "sqlite"],
  ["SQLite to SQLite", "sqlite", "sqlite"],
])(
  "a copy from %s that is killed leaves nothing behind, and the next one is whole",
  async (name, source, target) => {
    const placeOf = (engine: string, side: string): StorePlace =>
      engine === "sqlite" ? { url: join(dir, `${name} ${side}.db`) } : { url: server.url(), namespace: name };
    const from = { namespace: name, ...placeOf(source, "from") };
    const to = { namespace: name, ...placeOf(target, "to") };
    await fill(from);
    const records = await recordsOf(archiveAt(from));
    const bytes = source === "sqlite" ? hashOf(from.url) : undefined;

    for (const part of [0, 0.3, 0.7, 1]) {
      expect(await copyInProcess(from, to, { killAt: part }), `killed at ${part}`).toBe(false);
      const left = storeAt(to);
      const [found, events, { all }] = await Promise.all([left.find({}), left.events({}), left.totals()]);
      expect([found, events, all.created], `killed at ${part}`).toEqual([[], [], 0]);
      await left.close();
    }
    // A server takes a moment to notice that a process is gone.
    await expect.poll(() => copyInProcess(from, to), { timeout: 60_000 }).toBe(true);
    expect(await recordsOf(archiveAt(to))).toEqual(records);
    expect(await recordsOf(archiveAt(from))).toEqual(records);
    if (bytes !== undefined) expect(hashOf(from.url)).toBe(bytes);
    expect(await copyInProcess(from, to)).toBe(false);
  },
  180_000,
);

test("what is in memory does not grow with the store, whatever the size of its rows", async () => {
  const name = "heavy";
  const place = { url: join(dir, "heavy.db"), namespace: name };
  const store = storeAt(place);
  // 100 MB, most of it in rows that would be read together if they were counted only, through a heap of 64 MB.
  for (let task = 0; task < 30; task++) await store.insert([{ task: "x".repeat(3_000_000) }]);
  for (let round = 0; round < 10; round++) {
    await store.insert(Array.from({ length: 100 }, () => ({ task: "x".repeat(10_000) })));
  }
  await store.close();
  const flags = ["--max-old-space-size=64", "--max-semi-space-size=4"];
  const middle = { url: server.url(), namespace: name };
  const back = { url: join(dir, "heavy back.db"), namespace: name };
  expect(await copyInProcess(place, middle, { flags })).toBe(true);
  expect(await copyInProcess(middle, back, { flags })).toBe(true);
  await using snapshot = await archiveAt(back).open();
  expect(snapshot.counts.tickets).toBe(1_030);
}, 120_000);

test.each([
  ["written to", "sqlite", "postgres"],
  ["read from", "postgres", "sqlite"],
])(
  "a server that dies while it is %s ends the copy, and the next one is whole",
  async (name, source, target) => {
    const placeOf = (engine: string, side: string): StorePlace =>
      engine === "sqlite" ? { url: join(dir, `${name} ${side}.db`) } : { url: server.url(), namespace: name };
    const from = { namespace: name, ...placeOf(source, "from") };
    const to = { namespace: name, ...placeOf(target, "to") };
    await fill(from);
    const archive = archiveAt(to);
    const dying: StoreArchive = {
      ...archive,
      async restore(stream) {
        const passed = async function* (): AsyncIterable<StoreRecord> {
          let count = 0;
          for await (const record of stream) {
            count += 1;
            if (count === 2 * tickets) await server.stop("immediate");
            yield record;
          }
        };
        await archive.restore(passed());
      },
    };
    await expect(copyArchive(archiveAt(from), dying)).rejects.toMatchObject({ code: "store_unavailable" });
    await server.start();
    const left = storeAt(to);
    expect([await left.find({}), await left.events({})]).toEqual([[], []]);
    await left.close();
    await copyArchive(archiveAt(from), archive);
    // Compared with what the source holds now: PostgreSQL leaves out some numbers of a sequence after a crash.
    expect(await recordsOf(archive)).toEqual(await recordsOf(archiveAt(from)));
  },
  120_000,
);

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
