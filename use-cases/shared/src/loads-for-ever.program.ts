import { runMain } from "./run-main.ts";

await runMain("loads-for-ever", async () => {
  process.stdout.write("loading");
  setInterval(() => {}, 1_000);
  return await new Promise<never>(() => {});
});
