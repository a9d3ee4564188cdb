import { beforeEach, describe, expect, it } from "vitest";
import { noUsage } from "../provider/usage.ts";
import { memoryStore } from "../store/memory/memory-store.ts";
import type { Claim, TicketStore } from "../store/ticket-store.ts";
import { type FakeClock, fakeClock } from "../testing/fake-clock.ts";
import type { Amounts, Budget } from "../ticket/budget.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";
import { ReservationQueue } from "./reservation-queue.ts";

const tokens = (outputTokens: number): Amounts => ({ cost: 0, inputTokens: 0, outputTokens });
const budget = (maxOutputTokens: number): { readonly budget: Budget } => ({ budget: { maxOutputTokens } });

let clock: FakeClock;
let store: TicketStore;
let asked: string[];
let queue: ReservationQueue;
/** Whose wish was granted, in order. */
let granted: string[];

beforeEach(() => {
  clock = fakeClock();
  store = memoryStore({ clock });
  asked = [];
  granted = [];
  const reserve: TicketStore["reserve"] = (lease, request) => {
    asked.push(lease.key);
    return store.reserve(lease, request);
  };
  queue = new ReservationQueue({ reserve, clock });
  store.watch(() => queue.wake());
});

/** Claims what was drafted, by the names of its tasks. */
async function claimAll(drafts: readonly TicketDraft[]): Promise<(name: string) => Claim> {
  const batch = `batch ${clock.now()}`;
  await store.insert(drafts.map((draft) => ({ ...draft, labels: [batch] })));
  const wants = [{ agent: "a", labels: [batch], limit: drafts.length }];
  const claims = await store.claim({ worker: "w", wants, leaseMs: 60_000 });
  return (name) => {
    const found = claims.find(({ ticket }) => ticket.task === name);
    if (found === undefined) throw new Error(`${name} was not claimed`);
    return found;
  };
}

/** Wishes without waiting for the answer, and lets everything happen that needs no more than that. */
async function wish({ ticket, lease }: Claim, amount: number, ceiling?: Budget): Promise<void> {
  const { envelopes } = ticket;
  const request = { amounts: tokens(amount), ceiling };
  const { signal } = new AbortController();
  queue
    .reserve({ lease, envelopes, request, signal })
    .then(({ kind }) => granted.push(`${ticket.task} ${kind}`))
    .catch((reason: unknown) => granted.push(String(reason)));
  await rest();
}

/** As the loop does, with an event: a transaction without one wakes nobody. */
async function settle({ lease, agent, ticket }: Claim, used: number): Promise<void> {
  const usage = { ...noUsage, outputTokens: used };
  const event = { type: "turn_started" as const, turn: 1, agent, ticket: ticket.key, labels: [] };
  await store.commit(lease, { work: { usage }, reservation: "settled", events: [event] });
  await rest();
}

async function rest(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("a wish that has to wait", () => {
  it("holds up nobody who draws from another envelope, or from none", async () => {
    const of = await claimAll([
      { ref: "a", task: "a", ...budget(10) },
      { parent: "a", task: "a1" },
      { task: "b", ...budget(10) },
      { task: "free" },
    ]);
    await wish(of("a"), 8);
    await wish(of("a1"), 8);
    await wish(of("b"), 8);
    await wish(of("free"), 1_000);
    expect(granted).toEqual(["a granted", "b granted", "free granted"]);

    await settle(of("a"), 2);
    expect(granted.at(-1)).toBe("a1 granted");
  });

  it("holds up those who come later and draw from the same, however little they want", async () => {
    const of = await claimAll([
      { ref: "a", task: "a", ...budget(10) },
      { parent: "a", task: "large" },
      { parent: "a", task: "small" },
    ]);
    await wish(of("a"), 5);
    await wish(of("large"), 9);
    await wish(of("small"), 1);
    expect(granted).toEqual(["a granted"]);

    await settle(of("a"), 0);
    expect(granted).toEqual(["a granted", "large granted", "small granted"]);
  });

  it("holds up others under the run's ceiling only when it is the ceiling that it waits for", async () => {
    const ceiling = { maxOutputTokens: 20 };
    const of = await claimAll([
      { ref: "a", task: "a", ...budget(10) },
      { parent: "a", task: "a1" },
      { task: "b" },
      { task: "c" },
      { task: "d" },
    ]);
    await wish(of("a"), 8, ceiling);
    await wish(of("a1"), 8, ceiling);
    await wish(of("b"), 6, ceiling);
    expect(granted).toEqual(["a granted", "b granted"]);
    await wish(of("c"), 12, ceiling);
    await wish(of("d"), 1, ceiling);
    expect(granted).toEqual(["a granted", "b granted"]);

    await settle(of("b"), 0);
    expect(granted).toEqual(["a granted", "b granted", "c granted"]);
    await settle(of("c"), 0);
    expect(granted).toEqual(["a granted", "b granted", "c granted", "d granted"]);
  });

  it("for an inner envelope holds up nobody who draws only from the outer one, but not the other way round", async () => {
    const of = await claimAll([
      { ref: "outer", task: "outer", ...budget(20) },
      { ref: "inner", parent: "outer", task: "inner", ...budget(10) },
      { parent: "inner", task: "inner1" },
      { parent: "outer", task: "outer1" },
      { parent: "outer", task: "outer2" },
      { parent: "inner", task: "inner2" },
    ]);
    await wish(of("inner"), 8);
    await wish(of("inner1"), 8);
    await wish(of("outer1"), 2);
    expect(granted).toEqual(["inner granted", "outer1 granted"]);
    await wish(of("outer2"), 15);
    await wish(of("inner2"), 1);
    expect(granted).toEqual(["inner granted", "outer1 granted"]);

    await settle(of("inner"), 0);
    expect(granted).toEqual(["inner granted", "outer1 granted", "inner1 granted"]);
    await settle(of("inner1"), 0);
    await settle(of("outer1"), 0);
    expect(granted.slice(3)).toEqual(["outer2 granted", "inner2 granted"]);
  });

  it("costs the store one question for each that stands first, not for each that waits", async () => {
    const drafts = Array.from({ length: 200 }, (_, place) => ({ parent: "a", task: `a${place}` }));
    const of = await claimAll([{ ref: "a", task: "a", ...budget(10) }, { task: "free" }, ...drafts]);
    await wish(of("a"), 8);
    for (const { task } of drafts) void wish(of(task), 8);
    await rest();
    asked.length = 0;
    await settle(of("free"), 1);
    expect(asked).toHaveLength(1);
  });

  it("ends when the run does, and asks again when the lease that stands in its way has run out", async () => {
    const of = await claimAll([
      { ref: "a", task: "a", ...budget(10) },
      { parent: "a", task: "a1" },
      { ref: "b", task: "b", ...budget(10) },
      { parent: "b", task: "b1" },
    ]);
    for (const name of ["a", "a1", "b", "b1"]) await wish(of(name), name.endsWith("1") ? 2 : 9);
    expect(granted).toEqual(["a granted", "b granted"]);
    clock.advance(60_000);
    await rest();
    expect(granted.slice(2)).toEqual(["a1 refused", "b1 refused"]);

    const later = await claimAll([
      { ref: "c", task: "c", ...budget(10) },
      { parent: "c", task: "c1" },
    ]);
    await wish(later("c"), 9);
    await wish(later("c1"), 9);
    queue.stop();
    await rest();
    expect(granted.slice(4)).toEqual(["c granted", "c1 stopped"]);
  });
});
