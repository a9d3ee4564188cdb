import { type ChildProcess, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sleep, systemClock } from "../../util/clock.ts";
import type { TicketStore } from "../ticket-store.ts";
import { sqliteStore } from "./sqlite-store.ts";

const program = fileURLToPath(new URL("./sqlite-worker.program.ts", import.meta.url));
const claimAll = { worker: "test", leaseMs: 60_000, wants: [{ agent: "agent", labels: [], limit: 10_000 }] };

let dir: string;
let path: string;
let children: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "agentwerk-"));
  path = join(dir, "tickets.db");
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  children = [];
  await rm(dir, { recursive: true, force: true });
});

interface Program {
  readonly child: ChildProcess;
  /** The next line that it says. */
  next(): Promise<unknown>;
  readonly exited: Promise<number | null>;
}

function start(role: string): Program {
  const child = spawn(process.execPath, [program, role, path], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    next: async () => {
      const line = await lines.next();
      if (line.done === true) throw new Error(`The ${role} program ended without a word.`);
      return JSON.parse(line.value);
    },
    exited: new Promise((resolve) => child.once("exit", (code) => resolve(code))),
  };
}

async function withStore<T>(use: (store: TicketStore) => Promise<T>): Promise<T> {
  const store = sqliteStore({ path, durability: "process" });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

test("two processes with ten slots each drain 2,000 tickets; none is worked twice, both get their share", async () => {
  await withStore((store) => store.insert(Array.from({ length: 2_000 }, (_, task) => ({ task }))));
  const answers = await Promise.all([start("drain"), start("drain")].map(({ next }) => next()));
  const shares = answers.map((answer) => (answer as { finished: string[] }).finished);
  const finished = shares.flat();
  expect(finished).toHaveLength(2_000);
  expect(new Set(finished).size).toBe(2_000);
  for (const share of shares) expect(share.length).toBeGreaterThan(100);
  await withStore(async (store) => {
    expect((await store.totals()).all).toMatchObject({ created: 2_000, done: 2_000, work: { steps: 2_000 } });
    const events = await store.events({ limit: 100_000 });
    expect(events.filter(({ type }) => type === "ticket_started")).toHaveLength(2_000);
    expect(events.map(({ id }) => id)).toEqual(Array.from({ length: 6_000 }, (_, place) => place + 1));
  });
});

test("a process killed between and within its transactions leaves a whole file, and its tickets come back", async () => {
  for (let round = 0; round < 6; round++) {
    const churn = start("churn");
    await churn.next();
    await sleep(40 + 37 * round, { clock: systemClock });
    churn.child.kill("SIGKILL");
    await churn.exited;
  }
  const database = new DatabaseSync(path);
  expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  database.close();
  await withStore(async (store) => {
    const tickets = await store.find({});
    const { all } = await store.totals();
    expect(all.created).toBe(tickets.length);
    expect(all.done).toBe(tickets.filter(({ status }) => status === "done").length);
    expect(all.work.turns).toBe(tickets.reduce((sum, { work }) => sum + work.turns, 0));
    for (const { key, replies } of tickets.slice(-50)) {
      expect((await store.replies(key)).map(({ index }) => index)).toEqual(
        Array.from({ length: replies }, (_, i) => i),
      );
    }
    const ids = (await store.events({ limit: 1_000_000 })).map(({ id }) => id);
    expect(ids).toEqual(Array.from(ids, (_, place) => place + 1));

    await sleep(350, { clock: systemClock });
    const open = tickets.filter(({ status }) => status !== "done");
    const claims = await store.claim(claimAll);
    expect(claims.map(({ ticket }) => ticket.key).sort()).toEqual(open.map(({ key }) => key).sort());
    for (const { lease } of claims) await store.commit(lease, { outcome: { status: "done", result: null } });
    expect(await store.outlook([])).toEqual({ todo: 0, inProgress: 0, waiting: 0, leased: 0, claimable: 0 });
  });
});

test("a worker that was stopped past its lease and then goes on writes nothing", async () => {
  await withStore(async (store) => {
    await store.insert([{ task: "slow" }]);
    const worker = start("stall");
    await worker.next();
    worker.child.kill("SIGSTOP");
    await sleep(250, { clock: systemClock });
    const [claim] = await store.claim(claimAll);
    expect(claim?.ticket.attempt).toBe(2);
    worker.child.kill("SIGCONT");
    expect(await worker.next()).toEqual({ code: "lease_lost" });
    expect(await store.find({})).toMatchObject([{ task: "slow", status: "in_progress", agent: "agent" }]);
    if (claim === undefined) return;
    await store.commit(claim.lease, { outcome: { status: "done", result: "fresh" } });
    expect(await store.get(claim.ticket.key)).toMatchObject({ result: "fresh" });
  });
});

test("six processes open a file that is not there yet at once; every one of them can write", async () => {
  const programs = Array.from({ length: 6 }, () => start("insert"));
  for (const { child } of programs) child.stdin?.write("go\n");
  expect(await Promise.all(programs.map(({ exited }) => exited))).toEqual([0, 0, 0, 0, 0, 0]);
  const tickets = await withStore((store) => store.find({}));
  expect(new Set(tickets.map(({ task }) => task)).size).toBe(6);
});

test("an insert in one process wakes a watcher in another within some milliseconds", async () => {
  await withStore(async (store) => {
    const other = start("insert");
    await other.next();
    const heard = new Promise<number>((resolve) => {
      store.watch(({ origin }) => origin === "remote" && resolve(Date.now()));
    });
    other.child.stdin?.write("go\n");
    const heardAt = await heard;
    const { at } = (await other.next()) as { at: number };
    expect(heardAt - at).toBeLessThan(250);
    expect(await store.find({})).toHaveLength(1);
  });
});

test("no insert of another process goes unheard, however the file is watched", async () => {
  await withStore(async (store) => {
    const other = start("insert-slowly");
    await other.next();
    let heard = Promise.withResolvers<void>();
    let seen = 0;
    const count = async (): Promise<void> => {
      const { todo } = await store.outlook([]);
      if (todo <= seen) return;
      seen = todo;
      heard.resolve();
    };
    store.watch(({ origin }) => {
      if (origin === "remote") void count();
    });
    for (let round = 1; round <= 300; round++) {
      heard = Promise.withResolvers<void>();
      other.child.stdin?.write("go\n");
      await heard.promise;
    }
    expect(seen).toBe(300);
    other.child.stdin?.write("stop\n");
    expect(await other.exited).toBe(0);
  });
});

test("who watches an idle store uses no CPU, and is not kept alive by it", async () => {
  const watcher = start("idle");
  const { cpuMs } = (await watcher.next()) as { cpuMs: number };
  expect(cpuMs).toBeLessThan(30);
  expect(await watcher.exited).toBe(0);
});

test("pruning gives the space of thousands of tickets back while another process goes on reading and writing", async () => {
  await withStore(async (store) => {
    const task = "x".repeat(4_000);
    for (let batch = 0; batch < 12; batch++) {
      await store.insert(Array.from({ length: 500 }, (_, place) => ({ task: `${place} ${task}` })));
    }
    for (let claims = await store.claim(claimAll); claims.length > 0; claims = await store.claim(claimAll)) {
      await Promise.all(
        claims.map(({ lease }) => store.commit(lease, { outcome: { status: "done", result: null } })),
      );
    }
    const full = statSync(path).size;
    const other = start("bustle");
    await other.next();
    const ask = async (): Promise<number> => {
      other.child.stdin?.write("?\n");
      return ((await other.next()) as { rounds: number }).rounds;
    };

    const before = await ask();
    expect(await store.prune({ status: ["done"] })).toBe(6_000);
    const after = await ask();
    other.child.stdin?.write("stop\n");
    await other.exited;
    // Were the file locked all the time, the other one would come through once or twice.
    expect(after - before).toBeGreaterThan(20);
    expect(await store.prune({})).toBe(0);
    await store.close();
    expect(statSync(path).size).toBeLessThan(full / 4);
  });
});
