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

interface Bill {
  readonly cost: number;
  /** The names of the budgets over its ticket. */
  readonly purses: readonly string[];
}

/** What the vendor has billed so far, request by request. */
async function bills(): Promise<readonly Bill[]> {
  const lines = await readFile(join(dir, "bill.txt"), "utf8").catch(() => "");
  return lines
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [cost, ...purses] = line.trim().split(" ");
      return { cost: Number(cost), purses };
    });
}

async function billed(count: number): Promise<void> {
  while ((await bills()).length < count) await delay(5);
}

const sum = (all: readonly Bill[]): number => all.reduce((total, { cost }) => total + cost, 0);

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

interface Node {
  readonly name: string;
  /** Places in the list of all. */
  readonly above: readonly number[];
  readonly maxCost: number | undefined;
}

/** A forest in which every third ticket has a budget of its own, now tighter, now wider than those above it. */
function forest(count: number, random: () => number): readonly Node[] {
  const nodes: Node[] = [];
  for (let place = 0; place < count; place++) {
    const parent = random() < 0.1 ? undefined : nodes[Math.floor(random() * nodes.length)];
    const above = parent === undefined ? [] : [...parent.above, nodes.indexOf(parent)];
    const maxCost = random() < 0.3 ? worst * (1 + Math.floor(random() * 12)) : undefined;
    nodes.push({ name: `t${place}`, above, maxCost });
  }
  return nodes;
}

/** Numbers from 0 to 1 that a seed decides (Park and Miller, 1988). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

it.each([20_261_123, 7])(
  "no envelope, however nested, and no ceiling is passed by workers that are killed (seed %i)",
  async (seed) => {
    const maxCost = 2;
    const nodes = forest(400, numbersFrom(seed));
    await using tickets = new TicketSystem({ dir });
    const handles = await tickets.tasks(
      nodes.map(({ name, above, maxCost: own }) => {
        const purses = [...above.flatMap((place) => nodes[place] ?? []), { name, maxCost: own }];
        const names = purses.flatMap((purse) => (purse.maxCost === undefined ? [] : [purse.name]));
        return {
          ref: name,
          task: `Pay from ${names.join(" ")}.`,
          ...(above.length > 0 && { parent: `t${above.at(-1)}` }),
          ...(own !== undefined && { budget: { maxCost: own } }),
        };
      }),
    );

    const steady = startWorker(maxCost);
    const first = startWorker(maxCost);
    await billed(40);
    first.child.kill("SIGKILL");
    const second = startWorker(maxCost);
    for (const { said } of [steady, second])
      expect(["drained", "policy"]).toContain(JSON.parse(await said).reason);

    const all = await bills();
    expect(sum(all)).toBeLessThanOrEqual(maxCost);
    for (const [place, { name, maxCost: own }] of nodes.entries()) {
      if (own === undefined) continue;
      const billedTo = sum(all.filter(({ purses }) => purses.includes(name)));
      const { spent, reserved } = await tickets.store.account(handles[place]?.key);
      expect(billedTo, name).toBeLessThanOrEqual(own + 1e-9);
      expect(spent.cost + reserved.cost, name).toBeLessThanOrEqual(own + 1e-9);
      expect(spent.cost + reserved.cost, name).toBeGreaterThanOrEqual(billedTo - 1e-9);
    }
    const failures = (await tickets.find("status = failed")).map(({ failure }) => failure?.reason);
    expect(new Set(failures)).toEqual(new Set(["budget_exhausted"]));
  },
);
