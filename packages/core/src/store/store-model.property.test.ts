import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeClock, fakeClock } from "../testing/fake-clock.ts";
import { compareWithModel } from "../testing/store/model-cases.ts";
import { ScriptPlayer, type ScriptStep, scriptActions } from "../testing/store/store-script.ts";
import { isFinal, type Ticket } from "../ticket/ticket.ts";
import { memoryStore } from "./memory/memory-store.ts";
import { sqliteStore } from "./sqlite/sqlite-store.ts";
import type { Claim, TicketStore } from "./ticket-store.ts";

let dir: string;
let files = 0;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "agentwerk-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const step = (actions: ScriptStep["action"][]): fc.Arbitrary<ScriptStep> =>
  fc.record({ action: fc.constantFrom(...actions), target: fc.nat(60), variant: fc.nat(840) });
const scripts = (actions: ScriptStep["action"][]): fc.Arbitrary<ScriptStep[]> =>
  fc.array(step(actions), { minLength: 5, maxLength: 80, size: "max" });
const everyAction = [...scriptActions];

async function play(store: TicketStore, clock: FakeClock, script: readonly ScriptStep[]): Promise<void> {
  const player = new ScriptPlayer(store, () => clock.now());
  for (const next of script) {
    if (next.action === "pass") clock.advance(next.variant % 60);
    await player.play(next);
  }
}

test("any sequence of operations has the same effect on SQLite as on memory", {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(scripts(everyAction), async (script) => {
      const clock = fakeClock();
      const store = sqliteStore({ path: join(dir, `${++files}.db`), durability: "process", clock });
      const passTime = async (ms: number): Promise<void> => clock.advance(ms);
      const nobody = (): Promise<TicketStore> => Promise.reject(new Error("Nobody joins this store."));
      const bench = { store, clock, passTime, join: nobody };
      await compareWithModel(bench, script, { times: "told" }).finally(() => store.close());
    }),
    { numRuns: 30, endOnFailure: true, interruptAfterTimeLimit: 20_000 },
  );
});

test("totals are the sums over tickets after any sequence of operations", async () => {
  const actions = everyAction.filter((action) => action !== "prune");
  await fc.assert(
    fc.asyncProperty(scripts(actions), async (script) => {
      const clock = fakeClock();
      const store = memoryStore({ clock });
      await play(store, clock, script);
      const tickets = await store.find({});
      const totals = await store.totals();
      expect(totals.all).toMatchObject(sumsOf(tickets));
      const labels = new Set(tickets.flatMap((ticket) => ticket.labels));
      expect(new Set(Object.keys(totals.labels))).toEqual(labels);
      for (const label of labels) {
        expect(totals.labels[label]).toMatchObject(
          sumsOf(tickets.filter((ticket) => ticket.labels.includes(label))),
        );
      }
    }),
    { numRuns: 200 },
  );
});

test("a claim takes the first of what its labels allow, by priority and age, whatever happened before", async () => {
  await fc.assert(
    fc.asyncProperty(
      scripts(everyAction),
      fc.constantFrom([], ["a"], ["b", "c"], ["a", "b", "c"]),
      async (script, labels) => {
        const clock = fakeClock();
        const store = memoryStore({ clock });
        await play(store, clock, script);
        clock.advance(1_000_000);
        const before = await store.find({});
        const claims = await store.claim({
          worker: "last",
          leaseMs: 1_000,
          wants: [{ agent: "A", labels, limit: 3 }],
        });
        expect(claims.map(({ ticket }) => ticket.key)).toEqual(
          claimableOf(before, labels)
            .slice(0, 3)
            .map(({ key }) => key),
        );
      },
    ),
    { numRuns: 200 },
  );
});

test("a final ticket never changes but by a retry, and a stale lease never writes (invariants 1 and 4)", async () => {
  await fc.assert(
    fc.asyncProperty(
      scripts(everyAction.filter((action) => action !== "retry" && action !== "prune")),
      async (script) => {
        const clock = fakeClock();
        const store = memoryStore({ clock });
        const finals = new Map<string, Ticket>();
        const player = new ScriptPlayer(store, () => clock.now());
        for (const next of script) {
          await player.play(next);
          for (const ticket of await store.find({})) {
            const known = finals.get(ticket.key);
            if (known !== undefined) expect(ticket).toEqual(known);
            else if (isFinal(ticket.status)) finals.set(ticket.key, ticket);
          }
        }
        await everyStaleLeaseIsRefused(store);
      },
    ),
    { numRuns: 100 },
  );
});

async function everyStaleLeaseIsRefused(store: TicketStore): Promise<void> {
  const wants = [{ agent: "A", labels: ["a", "b", "c"], limit: 100 }];
  const first: readonly Claim[] = await store.claim({ worker: "first", leaseMs: 1_000, wants });
  for (const { lease } of first) await store.release(lease);
  await store.claim({ worker: "second", leaseMs: 1_000, wants });
  const before = await store.find({});
  for (const { lease } of first) {
    await expect(store.commit(lease, { work: { turns: 1 } })).rejects.toMatchObject({ code: "lease_lost" });
  }
  expect(await store.find({})).toEqual(before);
}

function sumsOf(tickets: readonly Ticket[]): object {
  const sum = (value: (ticket: Ticket) => number): number =>
    tickets.reduce((total, ticket) => total + value(ticket), 0);
  const count = (status: Ticket["status"]): number =>
    tickets.filter((ticket) => ticket.status === status).length;
  return {
    created: tickets.length,
    done: count("done"),
    failed: count("failed"),
    cancelled: count("cancelled"),
    ticketMs: sum(({ finishedAt, createdAt }) => (finishedAt === undefined ? 0 : finishedAt - createdAt)),
    work: {
      steps: sum(({ work }) => work.steps),
      turns: sum(({ work }) => work.turns),
      requests: sum(({ work }) => work.requests),
      toolCalls: sum(({ work }) => work.toolCalls),
      workMs: sum(({ work }) => work.workMs),
    },
  };
}

/** The rule of the contract, in the plainest words; every lease and every notBefore is past. */
function claimableOf(tickets: readonly Ticket[], labels: readonly string[]): readonly Ticket[] {
  const status = new Map(tickets.map((ticket) => [ticket.key, ticket.status]));
  const isWanted = (ticket: Ticket): boolean =>
    labels.length === 0 ? ticket.labels.length === 0 : ticket.labels.some((label) => labels.includes(label));
  const isFree = ({ blockedBy }: Ticket): boolean =>
    blockedBy.every((key) => !status.has(key) || status.get(key) === "done");
  return tickets
    .filter((ticket) => ticket.status === "in_progress" || (ticket.status === "todo" && isFree(ticket)))
    .filter(isWanted)
    .sort((left, right) => right.priority - left.priority);
}
