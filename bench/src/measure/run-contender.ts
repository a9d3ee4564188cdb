// The process of one contender: works a round for each message and answers with what it cost.
import { allContenders } from "../contenders/all-contenders.ts";
import type { ContenderMessage, RoundOrder } from "./contender.ts";

const name = process.argv[2] ?? "";
const load = allContenders[name];
if (load === undefined) throw new Error(`There is no contender ${name}.`);
const contender = await load();

const tell = (message: ContenderMessage): void => void process.send?.(message);

process.on("message", async (order: RoundOrder) => {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await contender.round(order);
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  tell({ type: "round", result: { cpuMs: (user + system) / 1000, wallMs } });
});
process.once("disconnect", async () => {
  await contender.close?.();
  // Ends connections that are kept alive.
  process.exit(0);
});
tell({ type: "ready" });
