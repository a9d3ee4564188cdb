import { systems } from "./systems.mjs";

const [name, url, redisPort] = process.argv.slice(2);
const queue = await systems[name].open(url, Number(redisPort));
const controller = new AbortController();
let starts = [];
let last = 0;
let count = 0;
await queue.work({
  signal: controller.signal,
  onStart: (number) => starts.push([number, Date.now()]),
  onEnd: () => {
    last = Date.now();
    count += 1;
  },
});
process.on("message", async (message) => {
  if (message === "report") {
    process.send({ starts, last, count });
    starts = [];
    count = 0;
  } else {
    controller.abort();
    process.exit(0);
  }
});
process.send("ready");
