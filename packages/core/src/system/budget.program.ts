// A worker process for budget.process.test.ts: 25 slots, and a vendor that bills each request, by its ticket's task, when it arrives.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { TicketSystem } from "./ticket-system.ts";

const [dir = ".", maxCost = "1"] = process.argv.slice(2);
const price = { input: 1, output: 10 };

const { model } = scriptedProvider(
  async (request) => {
    const outputTokens = 1 + Math.floor(Math.random() * (request.maxOutputTokens ?? 0));
    const cost = (100 * price.input + outputTokens * price.output) / 1e6;
    const [, purses = ""] = /from ([\w ]*)\./.exec(JSON.stringify(request.messages)) ?? [];
    appendFileSync(join(dir, "bill.txt"), `${cost} ${purses}\n`);
    await delay(20 + Math.random() * 60);
    return { ...writesResult("done"), usage: { inputTokens: 100, outputTokens } };
  },
  { price, maxOutputTokens: 1_000 },
);

const tickets = new TicketSystem({
  dir,
  leaseDuration: "600ms",
  policy: { maxCost: Number(maxCost) },
  agents: [{ model, role: "You work.", concurrency: 25 }],
});
const { reason, violation } = await tickets.runDry();
process.stdout.write(`${JSON.stringify({ reason, limit: violation?.limit })}\n`);
await tickets.close();
