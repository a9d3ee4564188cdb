import { Queue, Worker } from "bullmq";

export async function BullQueue({ port, concurrency, result }) {
  const connection = { host: "127.0.0.1", port };
  const queue = new Queue("bench", { connection });
  let worker;
  return {
    insert: (numbers) => queue.addBulk(numbers.map((number) => ({ name: "job", data: { number } }))),
    async work({ onStart, onEnd }) {
      worker = new Worker(
        "bench",
        async ({ data }) => {
          onStart(data.number);
          return result(data.number);
        },
        { connection, concurrency },
      );
      worker.on("completed", ({ data }) => onEnd(data.number));
      await worker.waitUntilReady();
    },
    async close() {
      await worker?.close();
      await queue.close();
    },
  };
}
