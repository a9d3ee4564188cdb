// Each queue in its own best way: `insert` files jobs in one batch, `work` works them with ten at a time, storing a result
// for each, and calls `onStart` and `onEnd` with the job's number.
import { BullQueue } from "./bullmq.mjs";

const result = (number) => ({ number, text: "a result that is stored" });
export const concurrency = 10;

export const systems = {
  agentwerk: {
    async open(url) {
      const { postgres } = await import("../../packages/stores/postgres/dist/index.js");
      const store = postgres(url, { namespace: "bench" });
      return {
        insert: (numbers) => store.insert(numbers.map((number) => ({ task: { number } }))),
        async work({ onStart, onEnd, signal }) {
          let free = concurrency;
          let isClaiming = false;
          const claim = async () => {
            if (isClaiming || free === 0 || signal.aborted) return;
            isClaiming = true;
            // As an agent without labels claims: those without, and those that name it.
            const wants = [{ agent: "agent", labels: ["", "agent"], limit: free }];
            const claims = await store.claim({ worker: `w${process.pid}`, leaseMs: 60_000, wants });
            isClaiming = false;
            free -= claims.length;
            for (const { lease, ticket } of claims) {
              onStart(ticket.task.number);
              const ended = store.commit(lease, {
                outcome: { status: "done", result: result(ticket.task.number) },
              });
              free += 1;
              void ended.then(() => onEnd(ticket.task.number));
            }
            if (claims.length > 0) process.nextTick(() => void claim());
          };
          store.watch(() => void claim(), { signal });
          await claim();
        },
        close: () => store.close(),
      };
    },
  },
  "pg-boss": {
    async open(url) {
      const { PgBoss } = await import("pg-boss");
      const boss = new PgBoss({
        connectionString: url,
        max: concurrency,
        useListenNotify: true,
        supervise: false,
        schedule: false,
      });
      boss.on("error", () => {});
      await boss.start();
      await boss.createQueue("bench", { notify: true });
      return {
        insert: (numbers) =>
          boss.insert(
            "bench",
            numbers.map((number) => ({ data: { number } })),
          ),
        // Its own worker completes a batch with one result; each job has its own here, as everywhere.
        async work({ onStart, onEnd, signal }) {
          const wake = () => {};
          await boss.work(
            "bench",
            { batchSize: concurrency, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 },
            async (jobs) => {
              let batch = jobs;
              while (batch.length > 0 && !signal.aborted) {
                await Promise.all(
                  batch.map(async ({ id, data }) => {
                    onStart(data.number);
                    await boss.complete("bench", id, result(data.number));
                    onEnd(data.number);
                  }),
                );
                batch = await boss.fetch("bench", { batchSize: concurrency });
              }
              wake();
            },
          );
        },
        close: () => boss.stop({ graceful: false }),
      };
    },
  },
  "graphile-worker": {
    async open(url) {
      const { makeWorkerUtils, run, Logger } = await import("graphile-worker");
      const logger = new Logger(() => () => {});
      const utils = await makeWorkerUtils({ connectionString: url, logger });
      await utils.migrate();
      await utils.withPgClient((client) =>
        client.query("CREATE TABLE IF NOT EXISTS bench_results (number integer, result jsonb)"),
      );
      let runner;
      return {
        insert: (numbers) =>
          utils.addJobs(numbers.map((number) => ({ identifier: "bench", payload: { number } }))),
        async work({ onStart, onEnd }) {
          runner = await run({
            connectionString: url,
            concurrency,
            maxPoolSize: concurrency + 2,
            noHandleSignals: true,
            logger,
            preset: { worker: { localQueue: { size: 50 }, completeJobBatchDelay: 0 } },
            taskList: {
              async bench({ number }, helpers) {
                onStart(number);
                await helpers.query("INSERT INTO bench_results VALUES ($1, $2)", [
                  number,
                  JSON.stringify(result(number)),
                ]);
                onEnd(number);
              },
            },
          });
        },
        async close() {
          await runner?.stop();
          await utils.release();
        },
      };
    },
  },
  bullmq: { open: (_, redisPort) => BullQueue({ port: redisPort, concurrency, result }) },
};
