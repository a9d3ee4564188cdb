// The store beside pg-boss, graphile-worker and BullMQ, in one run on one machine, one after the other. Needs redis-server for BullMQ.
// Usage: npm ci && npm run bench [-- --history 200000] [--jobs 5000]
import { fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startTestServer } from "../../packages/stores/postgres/src/testing/test-server.ts";
import { systems } from "./systems.mjs";

const option = (name, fallback) =>
  Number(process.argv[process.argv.indexOf(`--${name}`) + 1] || fallback) || fallback;
const jobs = process.argv.includes("--jobs") ? option("jobs", 5_000) : 5_000;
const history = process.argv.includes("--history") ? option("history", 200_000) : 200_000;
const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : undefined;
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function workersOf(name, url, redisPort) {
  const workers = [];
  for (let place = 0; place < 2; place++) {
    const child = fork("worker.mjs", [name, url, String(redisPort)]);
    await new Promise((resolve) => child.once("message", resolve));
    workers.push(child);
  }
  // All begin at the same time, with everything loaded.
  await Promise.all(
    workers.map((child) => {
      child.send("work");
      return new Promise((resolve) => child.once("message", resolve));
    }),
  );
  const report = () =>
    Promise.all(
      workers.map(
        (child) =>
          new Promise((resolve) => {
            child.once("message", resolve);
            child.send("report");
          }),
      ),
    );
  return {
    report,
    /** Reports added up until so many jobs have ended. */
    async until(count) {
      const all = { starts: [], last: 0, count: 0 };
      for (const deadline = Date.now() + 300_000; all.count < count; ) {
        if (Date.now() > deadline) throw new Error(`${name}: ${all.count} of ${count} jobs ended`);
        await delay(50);
        for (const { starts, last, count: ended } of await report()) {
          all.starts.push(...starts);
          all.last = Math.max(all.last, last);
          all.count += ended;
        }
      }
      return all;
    },
    async end() {
      for (const child of workers) {
        child.kill("SIGKILL");
        await new Promise((resolve) =>
          child.exitCode === null && child.signalCode === null ? child.once("exit", resolve) : resolve(),
        );
      }
    },
  };
}

const numbersFrom = (first, count) => Array.from({ length: count }, (_, place) => first + place);

async function fill(queue, first, count) {
  for (let done = 0; done < count; done += 500)
    await queue.insert(numbersFrom(first + done, Math.min(500, count - done)));
}

async function drain(name, url, redisPort, count) {
  const workers = await workersOf(name, url, redisPort);
  const { starts, last } = await workers.until(count);
  await workers.end();
  const first = starts.reduce((least, [, at]) => Math.min(least, at), Number.POSITIVE_INFINITY);
  return Math.round((count / (last - first)) * 1_000);
}

async function measure(name) {
  const server = await startTestServer({ settings: ["shared_buffers=256MB", "max_wal_size=2GB"] });
  const redisDir = mkdtempSync(join(tmpdir(), "agentwerk-redis-"));
  const redisPort = await freePort();
  const redis =
    name === "bullmq"
      ? spawn(
          "redis-server",
          [
            "--port",
            String(redisPort),
            "--dir",
            redisDir,
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            "--bind",
            "127.0.0.1",
          ],
          { stdio: "ignore" },
        )
      : undefined;
  if (redis !== undefined) await delay(1_000);
  try {
    const url = server.url();
    const queue = await systems[name].open(url, redisPort);
    await queue.insert(numbersFrom(0, 10));
    const inserting = performance.now();
    await fill(queue, 10, jobs - 10);
    const row = { "insert /s": Math.round(((jobs - 10) / (performance.now() - inserting)) * 1_000) };
    row["drain /s"] = await drain(name, url, redisPort, jobs);

    const idle = await workersOf(name, url, redisPort);
    const delays = [];
    for (let number = 1_000_000; number < 1_000_100; number++) {
      // Long enough for the queue to be idle.
      await delay(300);
      const at = performance.timeOrigin + performance.now();
      await queue.insert([number]);
      const { starts } = await idle.until(1);
      delays.push(starts[0][1] - at);
    }
    await idle.end();
    row["insert to start, median ms"] = Number(median(delays).toFixed(1));

    for (let done = 0; done < history; done += 20_000) {
      await fill(queue, 2_000_000 + done, Math.min(20_000, history - done));
      await drain(name, url, redisPort, Math.min(20_000, history - done));
    }
    await fill(queue, 5_000_000, jobs);
    row[`drain /s with ${history} finished`] = await drain(name, url, redisPort, jobs);
    await queue.close();
    return row;
  } finally {
    redis?.kill("SIGKILL");
    rmSync(redisDir, { recursive: true, force: true });
    await server.close();
  }
}

const rows = {};
for (const name of Object.keys(systems)) {
  if (only !== undefined && only !== name) continue;
  try {
    rows[name] = await measure(name);
  } catch (error) {
    rows[name] = { failed: String(error) };
  }
  console.log(name, rows[name]);
}
console.table(rows);
process.exit(0);
