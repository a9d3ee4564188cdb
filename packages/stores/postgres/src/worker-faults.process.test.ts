import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TicketStore } from "@agentwerk/core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { postgres } from "./postgres-store.ts";
import { faultsInTables } from "./testing/faults-in-tables.ts";
import { startWorker, type Worker } from "./testing/start-worker.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
const stores: TicketStore[] = [];
const workers: Worker[] = [];

beforeAll(async () => {
  server = await startTestServer({ settings: ["max_connections=300"] });
}, 120_000);
afterAll(() => server.close(), 60_000);
afterEach(async () => {
  for (const { child, ended } of workers.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  for (const store of stores.splice(0)) await store.close();
}, 60_000);

function open(namespace: string, url: string = server.url()): TicketStore {
  const store = postgres(url, { namespace });
  stores.push(store);
  return store;
}

function start(namespace: string, mode: "drain" | "stall"): Worker {
  const worker = startWorker(server.url(), namespace, mode);
  workers.push(worker);
  return worker;
}

test("a worker that was stopped past its lease writes nothing when it goes on", async () => {
  const store = open("stalled");
  await store.insert([{ task: 1 }]);
  const worker = start("stalled", "stall");
  await worker.printed("stalling");
  const wants = [{ agent: "agent", labels: [], limit: 1 }];
  let claims = await store.claim({ worker: "other", leaseMs: 60_000, wants });
  while (claims.length === 0) claims = await store.claim({ worker: "other", leaseMs: 60_000, wants });
  const [claim] = claims;
  worker.child.kill("SIGCONT");
  expect(await worker.printed("refused")).toContain("no longer held");
  if (claim !== undefined) await store.commit(claim.lease, { outcome: { status: "done", result: "fresh" } });
  expect(await store.find({})).toMatchObject([{ status: "done", result: "fresh", attempt: 2 }]);
}, 60_000);

test("50 worker processes at once finish every ticket once", async () => {
  const store = open("many");
  const count = 1_000;
  await store.insert(Array.from({ length: count }, (_, task) => ({ task })));
  const all = Array.from({ length: 50 }, () => start("many", "drain"));
  for (const worker of all) expect(await worker.ended, worker.errors.join("\n")).toBe(0);
  const totals = (await store.totals()).all;
  expect(totals).toMatchObject({ created: count, done: count, work: { steps: count } });
  const events = await store.events({ limit: 10 * count });
  expect(events.map(({ id }) => id)).toEqual(Array.from({ length: events.length }, (_, place) => place + 1));
  expect(events.filter(({ type }) => type === "ticket_done")).toHaveLength(count);
  expect(await faultsInTables(server.url())).toEqual([]);
}, 240_000);

test("a full disk refuses writes with store_full and changes nothing; with room again, work goes on", async (context) => {
  if (process.getuid?.() !== 0 || process.platform !== "linux")
    context.skip("needs root on Linux, to mount a small disk");
  const dir = mkdtempSync(join(tmpdir(), "agentwerk-disk-"));
  chmodSync(dir, 0o755);
  const disk = join(dir, "disk");
  mkdirSync(disk);
  try {
    execFileSync("/bin/mount", ["-t", "tmpfs", "-o", "size=160m,mode=0777", "tmpfs", disk]);
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    context.skip(`this machine lets nobody mount a disk: ${String(error)}`);
  }
  const ballast = join(disk, "ballast");
  let small: TestServer | undefined;
  try {
    const dataDir = join(disk, "data");
    mkdirSync(dataDir);
    // The log of writes has room of its own, as it has on a server that is set up with care.
    small = await startTestServer({
      dataDir,
      settings: ["wal_keep_size=0", "max_wal_size=64MB", "min_wal_size=32MB"],
    });
    const store = open("disk", small.url());
    await store.insert([{ task: "first" }]);
    execFileSync("sh", ["-c", `head -c 300M /dev/zero > "${ballast}" || true`], { stdio: "ignore" });
    const before = await store.find({});
    let refused: unknown;
    for (let round = 0; round < 200 && refused === undefined; round++) {
      await store.insert([{ task: "x".repeat(200_000 + round) + Math.random() }]).catch((error: unknown) => {
        refused = error;
      });
    }
    expect(refused).toMatchObject({ code: expect.stringMatching(/^store_(full|unavailable)$/) });
    rmSync(ballast);
    await store.insert([{ task: "last" }]);
    const after = await store.find({});
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.at(-1)).toMatchObject({ task: "last" });
    expect((await store.totals()).all.created).toBe(after.length);
  } finally {
    for (const store of stores.splice(0)) await store.close();
    await small?.close();
    execFileSync("/bin/umount", [disk]);
    rmSync(dir, { recursive: true, force: true });
  }
}, 120_000);
