import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import type { Lease, StepChange, TicketFilter, TicketStore, TicketUpdate } from "../../store/ticket-store.ts";
import { ticketKeyOf } from "../../ticket/ticket-key.ts";
import { assertNever } from "../../util/assert-never.ts";
import { asking, awaitingChildren, comment, done } from "./store-case.ts";

export const scriptActions = [
  "insert",
  "insert",
  "claim",
  "claim",
  "commit",
  "commit",
  "commit",
  "finish",
  "finish",
  "release",
  "renew",
  "reply",
  "cancel",
  "retry",
  "edit",
  "prune",
  "reserve",
  "gate",
  "decide",
  "decide",
  "enter",
  "pass",
] as const;

/** One operation. The numbers choose among what there is when it is played, so that any sequence of steps makes sense. */
export interface ScriptStep {
  readonly action: (typeof scriptActions)[number];
  /** Chooses the ticket or the lease. */
  readonly target: number;
  /** Chooses the variant. */
  readonly variant: number;
}

/** A script from a seed; the same one for the same seed. */
export function randomScript(seed: number, length: number): ScriptStep[] {
  let state = seed;
  const next = (below: number): number => {
    // A linear congruential generator, constants of "Numerical Recipes".
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length }, () => ({
    action: scriptActions[next(scriptActions.length)] ?? "insert",
    target: next(1_000),
    variant: next(1_000),
  }));
}

type Times = "told" | "left_out";

/** Calls that a ticket waits for at most. */
const callCount = 3;

const listings: readonly TicketFilter[] = [
  { status: ["waiting", "failed"], orderBy: [{ field: "priority", descending: true }] },
  { parent: ticketKeyOf(1) },
  { agent: "A", labels: ["a"], after: ticketKeyOf(2), limit: 3 },
];

const labelSets = [[], ["a"], ["b"], ["a", "b"], ["c", "a"]] as const;
const pick = <T>(list: readonly T[], place: number): T | undefined => list[place % Math.max(1, list.length)];

/** Plays a script on a store, step by step. The leases that it got are remembered, also the lost ones. */
export class ScriptPlayer {
  readonly #store: TicketStore;
  readonly #now: () => number;
  readonly #told: (value: unknown) => unknown;
  readonly #leases: Lease[] = [];
  #inserted = 0;

  /** `times: "told"` for engines that share one clock. */
  constructor(
    store: TicketStore,
    now: () => number,
    { times = "left_out" }: { readonly times?: Times } = {},
  ) {
    this.#store = store;
    this.#now = now;
    this.#told = times === "told" ? (value) => value : withoutTimes;
  }

  /** What the operation answered, or the code with which it was refused. */
  async play(step: ScriptStep): Promise<unknown> {
    try {
      return this.#told(await this.#do(step));
    } catch (error) {
      if (AgentwerkError.isInstance(error)) return { refused: error.code, field: error.field };
      throw error;
    }
  }

  /** All that a store tells about its tickets. */
  async look(): Promise<unknown> {
    const tickets = await this.#store.find({});
    const replies = await Promise.all(tickets.map(({ key }) => this.#store.replies(key)));
    const wants = labelSets.map((labels) => ({ agent: "agent", labels, limit: 1 }));
    const { nextAt: until, ...outlook } = await this.#store.outlook(wants);
    return this.#told({
      tickets,
      replies,
      outlook,
      until,
      hasNext: until !== undefined,
      listed: await Promise.all(listings.map((filter) => this.#store.find(filter))),
      account: await this.#store.account(),
      envelopes: await Promise.all(tickets.map(({ key }) => this.#store.account(key))),
      events: await this.#store.events({ limit: 100_000 }),
      totals: await this.#store.totals(),
    });
  }

  async #do({ action, target, variant }: ScriptStep): Promise<unknown> {
    const store = this.#store;
    const key = ticketKeyOf(1 + (target % (this.#inserted + 2)));
    const lease = pick(this.#leases, target) ?? { key, token: 1, worker: "nobody", expiresAt: 0 };
    switch (action) {
      case "insert":
        return this.#insert(target, variant);
      case "claim":
        return this.#claim(target, variant);
      case "commit":
        return this.#count(await store.commit(lease, progress(variant), { knownReplies: variant % 4 }));
      case "finish":
        return this.#count(await store.commit(lease, ending(variant), { knownReplies: variant % 7 }));
      case "release":
        return store.release(lease);
      case "renew":
        return store.renew([lease], 1 + (variant % 100));
      case "reserve":
        return store.reserve(lease, {
          amounts: { cost: variant % 7, inputTokens: variant, outputTokens: target },
          ...(variant % 3 === 0 && { ceiling: { maxCost: 20, maxInputTokens: 4_000 } }),
        });
      case "gate":
        return store.commit(lease, approving(variant));
      case "decide":
        return store.update(key, decision(target, variant));
      case "enter":
        return store.enterBudget(`worker ${target % 3}`, variant % 4 === 0 ? 0 : 1 + (variant % 100));
      case "reply":
        return store.update(key, { type: "reply", content: [{ type: "text", text: `${variant}` }] });
      case "cancel":
        return store.update(key, { type: "cancel" });
      case "retry":
        return store.update(key, retry(variant));
      case "edit":
        return store.update(key, this.#edit(variant));
      case "prune":
        return store.prune({
          limit: variant % 3,
          ...(variant % 2 === 0 && { labels: pick(labelSets, 1 + (target % 4)) }),
          ...(variant % 5 === 0 && { status: ["failed", "cancelled"] }),
        });
      case "pass":
        return undefined;
      default:
        return assertNever(action);
    }
  }

  async #insert(target: number, variant: number): Promise<unknown> {
    const other = ticketKeyOf(1 + (target % (this.#inserted + 1)));
    const tickets = await this.#store.insert([
      {
        task: variant,
        labels: pick(labelSets, variant),
        priority: (target % 3) - 1,
        ...(variant % 4 === 0 && { blockedBy: variant % 3 === 0 ? [other, "second"] : [other] }),
        ...(variant % 8 === 0 && { onBlockerFailed: "fail" as const }),
        ...(variant % 5 === 0 && { parent: other }),
        ...(variant % 6 === 0 && { notBefore: this.#now() + (target % 80) }),
        ...(variant % 5 === 1 && { budget: { maxCost: 8 } }),
        ...(variant % 10 === 0 && { budget: { maxCost: 5, maxOutputTokens: 600 } }),
        ...(variant % 7 === 0 && { idempotencyKey: `key ${target % 5}` }),
      },
      ...(variant % 3 === 0 ? [{ ref: "second", task: "second", labels: ["b"] }] : []),
    ]);
    this.#inserted = Math.max(
      this.#inserted,
      ...tickets.map(({ key }) => Number(key.slice("TICKET-".length))),
    );
    return tickets;
  }

  async #claim(target: number, variant: number): Promise<unknown> {
    const claims = await this.#store.claim({
      worker: `worker ${target % 3}`,
      leaseMs: variant % 2 === 0 ? 30 : 1_000_000,
      wants: [
        { agent: "A", labels: pick(labelSets, target) ?? [], limit: 1 + (variant % 3) },
        { agent: "B", labels: pick(labelSets, variant) ?? [], limit: target % 2 },
      ],
    });
    this.#leases.push(...claims.map(({ lease }) => lease));
    return claims;
  }

  #count(receipt: { readonly children: readonly unknown[] }): unknown {
    this.#inserted += receipt.children.length;
    return receipt;
  }

  #edit(variant: number): TicketUpdate {
    return {
      type: "edit",
      ...(variant % 2 === 0 ? { labels: pick(labelSets, variant) } : { priority: variant % 4 }),
      ...(variant % 5 === 0 && { task: { edited: variant } }),
      ...(variant % 7 === 0 && { notBefore: this.#now() + (variant % 60) }),
    };
  }
}

function progress(variant: number): StepChange {
  return {
    work: { turns: 1, requests: variant % 3, toolCalls: variant % 2, workMs: variant },
    ...(variant % 2 === 0 && { replies: [comment(`${variant}`), comment("more")] }),
    ...(variant % 3 === 0 && { events: [{ type: "turn_started", turn: variant, labels: [] }] }),
    ...(variant % 4 === 0 && {
      reservation: variant % 3 === 0 ? ("settled" as const) : ("forfeited" as const),
    }),
    ...(variant % 5 === 0 && { children: [{ task: "child", labels: ["a"] }] }),
    ...(variant % 6 === 0 && { decisionsUsed: [`call ${variant % callCount}`] }),
  };
}

/** Parks a ticket on calls that people have to decide on. */
function approving(variant: number): StepChange {
  const calls = Array.from({ length: 1 + (variant % callCount) }, (_, place) => ({
    callId: `call ${place}`,
    tool: "send",
    input: { variant },
    hash: `hash ${place}`,
  }));
  return { outcome: { status: "waiting", waiting: { for: "approval", calls } } };
}

/** Now and then on a call with other arguments. */
function decision(target: number, variant: number): TicketUpdate {
  const place = variant % callCount;
  return {
    type: "decide",
    decision: {
      callId: `call ${place}`,
      hash: variant % 11 === 0 ? "another" : `hash ${place}`,
      verdict: variant % 4 === 0 ? "rejected" : "approved",
      ...(target % 3 === 0 && { by: "ann" }),
      ...(target % 5 === 0 && { input: { edited: variant } }),
    },
  };
}

function ending(variant: number): StepChange {
  const outcome = [done, failedBy("one"), asking, awaitingChildren, failedBy("another")][variant % 5];
  return { ...(variant % 3 === 0 ? progress(variant) : {}), ...outcome };
}

function failedBy(model: string): StepChange {
  const failure = { reason: "given_up", message: "It cannot be done." } as const;
  return { outcome: { status: "failed", failure, model } };
}

function retry(variant: number): TicketUpdate {
  return {
    type: "retry",
    ...(variant % 2 === 0 && { note: `${variant}` }),
    ...(variant % 5 === 0 && { model: "scripted:other" }),
    ...(variant % 3 === 0 && { labels: pick(labelSets, variant) }),
  };
}

const timeFields: ReadonlySet<string> = new Set([
  "at",
  "createdAt",
  "startedAt",
  "finishedAt",
  "expiresAt",
  "notBefore",
  "ticketMs",
  "endedAt",
  "until",
]);

/** Engines with clocks of their own agree on everything but the time. */
function withoutTimes(value: unknown): unknown {
  const text = JSON.stringify(value, (key, item: unknown) => (timeFields.has(key) ? undefined : item));
  return text === undefined ? undefined : JSON.parse(text);
}
