import fc from "fast-check";
import { expect, test } from "vitest";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { noUsage } from "../provider/usage.ts";
import { type FakeClock, fakeClock } from "../testing/fake-clock.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import { memoryStore } from "./memory/memory-store.ts";
import type { Claim, TicketStore } from "./ticket-store.ts";

const maxCost = 20;
const envelopeCost = 7;
const actions = [
  "claim",
  "reserve",
  "reserve",
  "settle",
  "settle",
  "forfeit",
  "finish",
  "cancel",
  "pass",
] as const;
type Action = (typeof actions)[number];

interface Step {
  readonly action: Action;
  readonly target: number;
  /** Of a reservation, and of time. */
  readonly amount: number;
  /** How much of its reservation a request used, in percent. */
  readonly share: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    action: fc.constantFrom(...actions),
    target: fc.nat(30),
    amount: fc.nat(6),
    share: fc.nat(100),
  }),
  { minLength: 10, maxLength: 120, size: "max" },
);

interface Held {
  readonly claim: Claim;
  reserved: number;
}

/** What one worker does with a claim, which it may have lost. */
async function act(store: TicketStore, held: Held, { action, amount, share }: Step): Promise<void> {
  const { lease, ticket } = held.claim;
  const cost = (held.reserved * share) / 100;
  held.reserved = 0;
  switch (action) {
    case "reserve": {
      const amounts = { cost: amount, inputTokens: 0, outputTokens: amount };
      const answer = await store.reserve(lease, { amounts, ceiling: { maxCost } });
      if (answer.kind === "granted") held.reserved = amount;
      break;
    }
    case "settle": {
      const usage = { ...noUsage, outputTokens: cost };
      await store.commit(lease, { work: { cost, usage }, reservation: "settled" });
      break;
    }
    case "forfeit":
      await store.commit(lease, { reservation: "forfeited" });
      break;
    case "finish":
      await store.commit(lease, { outcome: { status: "waiting", waiting: { for: "children" } } });
      break;
    case "cancel":
      await store.update(ticket.key, { type: "cancel" });
      break;
    default:
      break;
  }
}

async function play(store: TicketStore, clock: FakeClock, script: readonly Step[]): Promise<void> {
  const [root] = await store.insert([
    { ref: "root", task: "root", budget: { maxCost: envelopeCost } },
    ...Array.from({ length: 6 }, (_, task) => ({ task, ...(task % 2 === 0 && { parent: "root" }) })),
  ]);
  const held: Held[] = [];
  for (const step of script) {
    if (step.action === "claim") {
      const wants = [{ agent: "a", labels: [], limit: 2 }];
      const claims = await store.claim({ worker: "w", wants, leaseMs: 50 });
      held.push(...claims.map((claim) => ({ claim, reserved: 0 })));
    }
    if (step.action === "pass") clock.advance(step.amount * 20);
    const one = held[step.target % Math.max(1, held.length)];
    if (one !== undefined) await act(store, one, step).catch(refusedOnly);
    await holds(store, root?.key);
  }
}

/** A lease that was lost, or a ticket that is final. */
function refusedOnly(error: unknown): void {
  if (!AgentwerkError.isInstance(error)) throw error;
  expect(["lease_lost", "conflict"]).toContain(error.code);
}

async function holds(store: TicketStore, root: TicketKey | undefined): Promise<void> {
  const all = await store.account();
  const inside = await store.account(root);
  expect(all.spent.cost + all.reserved.cost).toBeLessThanOrEqual(maxCost + 1e-6);
  expect(inside.spent.cost + inside.reserved.cost).toBeLessThanOrEqual(envelopeCost + 1e-6);
  expect(all.spent.cost).toBeCloseTo((await store.totals()).all.work.cost, 9);
}

test("whatever workers do, die or leave undone, no ceiling and no envelope is passed", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const clock = fakeClock();
      await play(memoryStore({ clock }), clock, script);
    }),
    { numRuns: 200 },
  );
});
