import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TicketSystem } from "./ticket-system.ts";

const program = fileURLToPath(new URL("./budget.program.ts", import.meta.url));
/** The dearest request of the program: under 2,000 tokens in, 1,000 out. */
const worst = 0.012;

let dir: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "agentwerk-budget-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(dir, { recursive: true, force: true });
});

function startWorker(maxCost: number): { readonly child: ChildProcess; readonly said: Promise<string> } {
  const child = spawn(process.execPath, ["--conditions=@agentwerk/source", program, dir, `${maxCost}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return { child, said: text(child.stdout) };
}

/** What the vendor has billed so far, request by request. */
async function bills(): Promise<readonly number[]> {
  const lines = await readFile(join(dir, "bill.txt"), "utf8").catch(() => "");
  return lines.split("\n").slice(0, -1).map(Number);
}

async function billed(count: number): Promise<void> {
  while ((await bills()).length < count) await delay(5);
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

it("50 slots in two processes, workers killed in mid-request and started again never pass the budget together", async () => {
  const maxCost = 4;
  await using tickets = new TicketSystem({ dir });
  await tickets.tasks(Array.from({ length: 3_000 }, (_, task) => ({ task })));

  const steady = startWorker(maxCost);
  const first = startWorker(maxCost);
  await billed(60);
  first.child.kill("SIGKILL");
  const second = startWorker(maxCost);
  await billed(160);
  second.child.kill("SIGKILL");
  const third = startWorker(maxCost);

  for (const { said } of [steady, third])
    expect(JSON.parse(await said)).toEqual({ reason: "policy", limit: "maxCost" });
  const total = sum(await bills());
  expect(total).toBeLessThanOrEqual(maxCost);
  // Each of the two that were killed had up to 25 requests under way, which count with their worst case.
  expect(total).toBeGreaterThan(maxCost - 51 * worst);
  const { spent, reserved } = await tickets.store.account();
  expect(spent.cost + reserved.cost).toBeGreaterThanOrEqual(total);
  expect(spent.cost + reserved.cost).toBeLessThanOrEqual(maxCost + 1e-9);
});
