import type { AgentDefinition } from "../agent/agent-definition.ts";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Policy } from "../policy/policy.ts";
import type { Remaining } from "../prompt/context-block.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import type { Work } from "../ticket/ticket.ts";
import type { Clock } from "../util/clock.ts";
import { toMilliseconds } from "../util/duration.ts";
import type { PolicyViolation } from "./ticket-results.ts";

interface Limit {
  readonly name: "maxInputTokens" | "maxOutputTokens" | "maxCost";
  readonly maximum: number;
  readonly used: (work: Work) => number;
}

/**
 * The budgets of a run, counted over every worker that shares the store: what the store's totals grew by since the run
 * began. Checked before each request, so requests under way can pass a limit by what they hold.
 */
export class RunBudget {
  readonly maxSteps: number;
  readonly maxTimeMs: number | undefined;
  readonly #limits: readonly Limit[];
  readonly #store: TicketStore;
  readonly #clock: Clock;
  #baseline: Work | undefined;
  #startedAt = 0;

  constructor(options: { readonly policy: Policy; readonly store: TicketStore; readonly clock: Clock }) {
    const { policy, store, clock } = options;
    this.#store = store;
    this.#clock = clock;
    this.maxSteps = policy.maxSteps ?? Number.POSITIVE_INFINITY;
    this.maxTimeMs =
      policy.maxTime === undefined ? undefined : toMilliseconds(policy.maxTime, "policy.maxTime");
    this.#limits = [
      ...toLimit("maxInputTokens", policy.maxInputTokens, ({ usage }) => usage.inputTokens),
      ...toLimit("maxOutputTokens", policy.maxOutputTokens, ({ usage }) => usage.outputTokens),
      ...toLimit("maxCost", policy.maxCost, ({ cost }) => cost),
    ];
  }

  /** @throws AgentwerkError `invalid_input` when a cost limit is set and an agent's model has no price. */
  async start(agents: readonly AgentDefinition[]): Promise<void> {
    this.#startedAt = this.#clock.now();
    if (this.#limits.length === 0) return;
    for (const { name, model } of agents) {
      if (model.price !== undefined || !this.#limits.some((limit) => limit.name === "maxCost")) continue;
      throw new AgentwerkError({
        code: "invalid_input",
        field: "policy.maxCost",
        message: `policy.maxCost is set, but the price of ${model.name} (agent ${name}) is not known; give the model a price, in US dollars per million tokens.`,
      });
    }
    this.#baseline = (await this.#store.totals()).all.work;
  }

  /** The first budget that is used up. Answers at once when there is none to check. */
  exceeded(): undefined | Promise<PolicyViolation | undefined> {
    return this.#limits.length === 0 ? undefined : this.#check();
  }

  async remaining(steps: number): Promise<Remaining> {
    const remaining: { -readonly [Name in keyof Remaining]: Remaining[Name] } = {};
    if (Number.isFinite(this.maxSteps)) remaining.steps = this.maxSteps - steps;
    if (this.maxTimeMs !== undefined) remaining.timeMs = this.#startedAt + this.maxTimeMs - this.#clock.now();
    if (this.#limits.length === 0) return remaining;
    const { work } = (await this.#store.totals()).all;
    const left = (name: Limit["name"]): number | undefined => {
      const limit = this.#limits.find((candidate) => candidate.name === name);
      return limit === undefined ? undefined : limit.maximum - this.#usedOf(limit, work);
    };
    return {
      ...remaining,
      inputTokens: left("maxInputTokens"),
      outputTokens: left("maxOutputTokens"),
      cost: left("maxCost"),
    };
  }

  async #check(): Promise<PolicyViolation | undefined> {
    const { work } = (await this.#store.totals()).all;
    for (const limit of this.#limits) {
      const value = this.#usedOf(limit, work);
      if (value >= limit.maximum) return { limit: limit.name, maximum: limit.maximum, value };
    }
    return undefined;
  }

  #usedOf({ used }: Limit, work: Work): number {
    return used(work) - (this.#baseline === undefined ? 0 : used(this.#baseline));
  }
}

function toLimit(name: Limit["name"], maximum: number | undefined, used: Limit["used"]): readonly Limit[] {
  return maximum === undefined ? [] : [{ name, maximum, used }];
}
