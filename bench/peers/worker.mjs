import { systems } from "./systems.mjs";

const [name, url, redisPort] = process.argv.slice(2);
const queue = await systems[name].open(url, Number(redisPort));
const controller = new AbortController();
let starts = [];
let last = 0;
let count = 0;
const work = () =>
  queue.work({
    signal: controller.signal,
    onStart: (number) => starts.push([number, performance.timeOrigin + performance.now()]),
    onEnd: () => {
      last = performance.timeOrigin + performance.now();
      count += 1;
    },
  });
process.on("message", async (message) => {
  if (message === "work") {
    await work();
    process.send("works");
  } else if (message === "report") {
    process.send({ starts, last, count });
    starts = [];
    count = 0;
  } else {
    controller.abort();
    process.exit(0);
  }
});
process.send("ready");
