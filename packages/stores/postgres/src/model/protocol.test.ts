import { expect, test } from "vitest";
import { explore } from "./explore.ts";
import { filingSystem } from "./filing.ts";
import { type Protocol, protocol, protocolSystem } from "./protocol.ts";

/** What may go wrong in one run, so that the runs are finitely many. */
const budgets = [
  { crashes: 1, expiries: 1, losses: 0 },
  { crashes: 0, expiries: 1, losses: 1 },
];
const timeout = 120_000;

test.each(budgets)(
  "no run of the lease and commit protocol breaks an invariant: %j",
  { timeout },
  (budget) => {
    const { violation, states, ends } = explore(protocolSystem(protocol, budget));
    expect(violation).toBeUndefined();
    // Fewer would mean that the system is not the one that it was made to be.
    expect(states).toBeGreaterThan(10_000);
    expect(ends).toBeGreaterThan(10);
  },
);

const broken: readonly (readonly [missing: string, rules: Partial<Protocol>, problem: RegExp])[] = [
  ["versions", { versions: false }, /two outcomes/],
  // The version alone also refuses a stale worker: both have to go.
  ["tokens and versions", { tokens: false, versions: false }, /stale worker|two outcomes|twice/],
  ["intents", { intents: false }, /twice/],
  ["one commit for a finish and its handover", { oneCommit: false }, /follow-up is not there/],
];

test.each(broken)(
  "without %s the checker finds a run that breaks an invariant",
  { timeout },
  (_, missing, problem) => {
    const { violation } = explore(
      protocolSystem({ ...protocol, ...missing }, { crashes: 1, expiries: 1, losses: 0 }),
    );
    expect(violation?.problem).toMatch(problem);
    expect(violation?.steps.length).toBeGreaterThan(3);
  },
);

test("an insert whose answers get lost and whose requests come late is applied exactly once", () => {
  const { violation, states } = explore(filingSystem({ receipts: true, fences: true }, 4));
  expect(violation).toBeUndefined();
  expect(states).toBeGreaterThan(50);
});

test.each([
  ["receipts", { receipts: false, fences: true }],
  ["fences", { receipts: true, fences: false }],
])("without %s the checker finds an insert that made two tickets", (_, rules) => {
  expect(explore(filingSystem(rules, 4)).violation?.problem).toBe("one insert made two tickets");
});
