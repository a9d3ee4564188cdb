import { type ChildProcess, fork } from "node:child_process";
import { on } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TicketStore } from "@agentwerk/core";
import { sqliteStore } from "@agentwerk/core/sqlite";
import { countLatencies, type WorkOrder, type WorkReport } from "./sqlite-throughput.worker.ts";

/**
 * Benchmark (b): insert, claim and finish rates of the SQLite store with two processes of ten slots, the time from
 * insert to start on an idle queue, and the same with 200,000 finished tickets in the file.
 */
const tickets = 10_000;
const probes = 200;
const rounds = 3;
const finishedBefore = 200_000;
const resultBytes = 500;
const workerFile = fileURLToPath(new URL("./sqlite-throughput.worker.ts", import.meta.url));

interface Worker {
  send(order: WorkOrder): void;
  next(): Promise<unknown>;
}

async function startWorker(): Promise<Worker> {
  const child: ChildProcess = fork(workerFile, { execArgv: ["--conditions=@agentwerk/source"] });
  const messages = on(child, "message");
  const next = async (): Promise<unknown> => (await messages.next()).value?.[0];
  await next();
  return { send: (order) => void child.send(order), next };
}

const isReport = (message: unknown): message is WorkReport =>
  typeof message === "object" && message !== null && "finished" in message;

async function reportOf(worker: Worker): Promise<WorkReport> {
  const message = await worker.next();
  if (!isReport(message)) throw new Error(`The worker said ${JSON.stringify(message)} instead of a report.`);
  return message;
}

async function insertMany(store: TicketStore, count: number): Promise<number> {
  const draft = { task: "Summarise the page and name its three main points.", labels: ["work"] };
  const startedAt = performance.now();
  for (let left = count; left > 0; left -= 100) {
    await store.insert(Array.from({ length: Math.min(100, left) }, () => draft));
  }
  return (count / (performance.now() - startedAt)) * 1_000;
}

interface Throughput {
  readonly inserted: number;
  readonly finished: number;
  readonly cpuMicros: number;
}

async function measureThroughput(
  path: string,
  durability: "full" | "process",
  count: number,
): Promise<Throughput> {
  const store = sqliteStore({ path, durability });
  const inserted = await insertMany(store, count);
  await store.close();
  const workers = await Promise.all([startWorker(), startWorker()]);
  const startedAt = performance.now();
  for (const worker of workers) worker.send({ type: "drain", path, durability, resultBytes });
  const reports = await Promise.all(workers.map(reportOf));
  const seconds = (performance.now() - startedAt) / 1_000;
  const done = reports.reduce((sum, report) => sum + report.finished, 0);
  if (done !== count) throw new Error(`${done} of ${count} tickets were finished.`);
  const cpuMs = reports.reduce((sum, report) => sum + report.cpuMs, 0);
  return { inserted, finished: count / seconds, cpuMicros: (cpuMs / count) * 1_000 };
}

async function probe(store: TicketStore): Promise<void> {
  for (let sent = 0; sent < probes; sent++) {
    await new Promise((resolve) => setTimeout(resolve, 8));
    await store.insert([{ task: performance.timeOrigin + performance.now(), labels: ["work"] }]);
  }
}

async function latencyInOneProcess(path: string): Promise<readonly number[]> {
  const store = sqliteStore({ path });
  const counting = countLatencies(store, probes);
  await probe(store);
  const latencies = await counting;
  await store.close();
  return latencies;
}

async function latencyAcrossProcesses(path: string): Promise<readonly number[]> {
  const worker = await startWorker();
  const store = sqliteStore({ path });
  worker.send({ type: "wait", path, tickets: probes });
  await worker.next();
  await probe(store);
  const { latencies } = await reportOf(worker);
  await store.close();
  return latencies;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
const median = (values: readonly number[]): number => quantile(values, 0.5);

async function measure(path: string): Promise<Record<string, number>> {
  const row: Record<string, number> = {};
  for (const durability of ["full", "process"] as const) {
    const runs: Throughput[] = [];
    for (let round = 0; round < rounds; round++)
      runs.push(await measureThroughput(path, durability, tickets));
    row[`inserts/s, ${durability}`] = Math.round(median(runs.map(({ inserted }) => inserted)));
    row[`claimed and finished/s, ${durability}`] = Math.round(median(runs.map(({ finished }) => finished)));
    row[`CPU µs per ticket, ${durability}`] = Math.round(median(runs.map(({ cpuMicros }) => cpuMicros)));
  }
  for (const [name, latencies] of [
    ["one process", await latencyInOneProcess(path)],
    ["two processes", await latencyAcrossProcesses(path)],
  ] as const) {
    row[`insert to start, ${name}, median ms`] = Number(median(latencies).toFixed(2));
    row[`insert to start, ${name}, p99 ms`] = Number(quantile(latencies, 0.99).toFixed(2));
  }
  return row;
}

export async function sqliteThroughput(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "agentwerk-bench-"));
  try {
    const empty = await measure(join(dir, "empty.db"));
    const path = join(dir, "full.db");
    await measureThroughput(path, "process", finishedBefore);
    const full = await measure(path);
    console.log(
      `\nSQLite store: 2 processes × 10 slots, ${resultBytes}-byte results, median of ${rounds} × ${tickets} tickets`,
    );
    console.table(
      Object.fromEntries(
        Object.entries(empty).map(([name, value]) => {
          const other = full[name] ?? Number.NaN;
          const ratio =
            name.endsWith("/s, full") || name.endsWith("/s, process") ? value / other : other / value;
          return [
            name,
            {
              "new file": value,
              [`with ${finishedBefore.toLocaleString("en")} finished`]: other,
              "times slower": Number(ratio.toFixed(2)),
            },
          ];
        }),
      ),
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

if (import.meta.main) await sqliteThroughput();
