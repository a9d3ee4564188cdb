import type { AgentDefinition } from "../agent/agent-definition.ts";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Admission, RequestWish } from "../loop/loop-host.ts";
import type { WorstCase } from "../loop/worst-case.ts";
import type { Policy } from "../policy/policy.ts";
import type { Remaining } from "../prompt/context-block.ts";
import type { Model } from "../provider/model.ts";
import type { Reservation, TicketStore } from "../store/ticket-store.ts";
import { type Amounts, type Budget, limitedAmounts, limitsOf, noAmounts } from "../ticket/budget.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { Clock } from "../util/clock.ts";
import { toMilliseconds } from "../util/duration.ts";
import type { BudgetState } from "./budget-state.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { ReservationQueue } from "./reservation-queue.ts";
import type { PolicyViolation } from "./ticket-results.ts";

type Refusal = Extract<Reservation, { readonly kind: "refused" }>;

/**
 * The budgets over a run: its own, counted over every worker that shares the store, and those of tickets. A request is
 * sent when its worst case fits, on top of what was spent and what is set aside for others; so no limit is passed.
 *
 * What counts begins with the first of the runs that go on at the same time, in whatever process: a worker that joins
 * late, or is started again after a crash, does not bring money along. See docs/decisions/0013.
 */
export class RunBudget {
  readonly maxSteps: number;
  readonly maxTimeMs: number | undefined;
  readonly #limits: Budget;
  readonly #hasLimits: boolean;
  readonly #store: TicketStore;
  readonly #clock: Clock;
  readonly #worker: string;
  readonly #leaseMs: number;
  readonly #queue: ReservationQueue;
  /** What the namespace had spent when the budget began. */
  #since: Amounts | undefined;
  #startedAt = 0;
  #cancelRenewal: (() => void) | undefined;

  constructor(options: {
    readonly policy: Policy;
    readonly store: TicketStore;
    readonly clock: Clock;
    readonly worker: string;
    readonly leases: LeaseKeeper;
    readonly leaseMs: number;
  }) {
    const { policy, store, clock, worker, leases, leaseMs } = options;
    this.#store = store;
    this.#clock = clock;
    this.#worker = worker;
    this.#leaseMs = leaseMs;
    const reserve: TicketStore["reserve"] = async (lease, request) => {
      await leases.catchUp();
      return store.reserve(lease, request);
    };
    this.#queue = new ReservationQueue({ reserve, clock });
    this.maxSteps = policy.maxSteps ?? Number.POSITIVE_INFINITY;
    this.maxTimeMs =
      policy.maxTime === undefined ? undefined : toMilliseconds(policy.maxTime, "policy.maxTime");
    const { maxCost, maxInputTokens, maxOutputTokens } = policy;
    this.#limits = { maxCost, maxInputTokens, maxOutputTokens };
    this.#hasLimits = limitsOf(this.#limits).length > 0;
  }

  /** @throws AgentwerkError `invalid_input` when a cost limit is set and an agent's model has no price. */
  async start(agents: readonly AgentDefinition[]): Promise<void> {
    this.#startedAt = this.#clock.now();
    if (!this.#hasLimits) return;
    for (const { name, model } of agents) this.checkPrice(model, `agent ${name}`);
    await this.#enter();
    this.#renewLater();
  }

  /** @throws AgentwerkError `invalid_input` when a cost limit is set and the model has no price. */
  checkPrice(model: Model, whose: string): void {
    if (this.#limits.maxCost === undefined || model.price !== undefined) return;
    throw new AgentwerkError({
      code: "invalid_input",
      field: "policy.maxCost",
      message: `policy.maxCost is set, but the price of ${model.name} (${whose}) is not known; give the model a price, in US dollars per million tokens.`,
    });
  }

  /** Leaves the runs that share the budget; if the store fails at that, the membership runs out by itself. */
  async end(): Promise<void> {
    this.#queue.stop();
    this.#cancelRenewal?.();
    this.#cancelRenewal = undefined;
    if (this.#hasLimits) await this.#store.enterBudget(this.#worker, 0).catch(() => {});
  }

  /** The run ends: requests that wait for room are not sent any more. */
  stop(): void {
    this.#queue.stop();
  }

  /** Something was written to the store. */
  wake(): void {
    this.#queue.wake();
  }

  isBudgeted({ envelopes }: Ticket): boolean {
    return this.#hasLimits || envelopes !== undefined;
  }

  /** `violation`: the budget of the run leaves no room, so the run has to end. */
  async reserve(wish: RequestWish): Promise<Admission | { readonly violation: PolicyViolation }> {
    const { ticket, lease, signal } = wish;
    const amounts = this.#priced(wish.amounts, ticket);
    if (amounts === undefined) {
      const message =
        "A budget in US dollars holds for the ticket, but the price of its agent's model is not known; give the model a price, or the budget in tokens.";
      return { kind: "failed", failure: { reason: "price_unknown", message } };
    }
    const request = { amounts, ceiling: this.#ceiling() };
    const answer = await this.#queue.reserve({ lease, envelopes: ticket.envelopes, request, signal });
    if (answer.kind !== "refused") return answer;
    if (answer.envelope === undefined) return { violation: this.#violation(answer) };
    return { kind: "failed", failure: { reason: "budget_exhausted", message: describe(answer) } };
  }

  async remaining(steps: number): Promise<Remaining> {
    const remaining: { -readonly [Name in keyof Remaining]: Remaining[Name] } = {};
    if (Number.isFinite(this.maxSteps)) remaining.steps = this.maxSteps - steps;
    if (this.maxTimeMs !== undefined) remaining.timeMs = this.#startedAt + this.maxTimeMs - this.#clock.now();
    for (const { limit, maximum, spent } of await this.states()) {
      remaining[limitedAmounts[limit]] = maximum - spent;
    }
    return remaining;
  }

  /** How far each limit of the run is used. */
  async states(): Promise<readonly BudgetState[]> {
    if (!this.#hasLimits) return [];
    const { spent, reserved } = await this.#store.account();
    const since = this.#since ?? spent;
    return limitsOf(this.#limits).map(([limit, maximum]) => {
      const amount = limitedAmounts[limit];
      return { limit, maximum, spent: spent[amount] - since[amount], reserved: reserved[amount] };
    });
  }

  /**
   * Membership lasts as long as a lease and is renewed in time. Where it lapsed, because the process was stopped, the
   * budget of later runs began later: that of this one does not.
   */
  async #enter(): Promise<void> {
    const answer = await this.#store.enterBudget(this.#worker, this.#leaseMs);
    this.#since = this.#since === undefined ? answer : smaller(this.#since, answer);
  }

  #renewLater(): void {
    this.#cancelRenewal = this.#clock.setTimer(() => {
      this.#renewLater();
      // A busy store is asked again with the next beat.
      this.#enter().catch(() => {});
    }, this.#leaseMs / 3);
  }

  /** With what was spent before the budget began on top. */
  #ceiling(): Budget | undefined {
    if (!this.#hasLimits) return undefined;
    const limits = limitsOf(this.#limits).map(([limit, maximum]) => [
      limit,
      maximum + (this.#since ?? noAmounts)[limitedAmounts[limit]],
    ]);
    return Object.fromEntries(limits);
  }

  /** Absent when only money is limited and the price is not known. */
  #priced({ cost, inputTokens, outputTokens }: WorstCase, { envelopes = [] }: Ticket): Amounts | undefined {
    const isNeeded =
      this.#limits.maxCost !== undefined || envelopes.some(({ maxCost }) => maxCost !== undefined);
    if (cost === undefined && isNeeded) return undefined;
    return { cost: cost ?? 0, inputTokens, outputTokens };
  }

  #violation({ limit, value }: Refusal): PolicyViolation {
    const maximum = this.#limits[limit] ?? 0;
    return { limit, maximum, value: value - (this.#since ?? noAmounts)[limitedAmounts[limit]] };
  }
}

function smaller(left: Amounts, right: Amounts): Amounts {
  return {
    cost: Math.min(left.cost, right.cost),
    inputTokens: Math.min(left.inputTokens, right.inputTokens),
    outputTokens: Math.min(left.outputTokens, right.outputTokens),
  };
}

function describe({ limit, maximum, value, envelope }: Refusal): string {
  return `The budget of ${envelope ?? "the run"} is used up: with the next request ${limit} could come to ${round(value)}, and ${maximum} is allowed. File a ticket with a larger budget.`;
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
