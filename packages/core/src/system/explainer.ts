import type { AgentDefinition } from "../agent/agent-definition.ts";
import type { UnclaimedTicket } from "../event/event.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import { limitedAmounts, limitsOf } from "../ticket/budget.ts";
import { isFinal, type Ticket } from "../ticket/ticket.ts";
import type { Clock } from "../util/clock.ts";
import type { BudgetState } from "./budget-state.ts";
import { type Explanation, explainTicket } from "./explain-ticket.ts";
import type { Runner } from "./runner.ts";

/** Open tickets that a run which stalled names. */
const mostUnclaimed = 100;

interface ExplainerOptions {
  readonly store: TicketStore;
  readonly agents: ReadonlyMap<string, AgentDefinition>;
  readonly clock: Clock;
  /** For the limits of the run that goes on, and the one that ended the last run. */
  readonly runner: Pick<Runner, "budgets" | "violation">;
}

/** Looks up what an explanation needs. */
export class Explainer {
  readonly #options: ExplainerOptions;

  constructor(options: ExplainerOptions) {
    this.#options = options;
  }

  async explain(ticket: Ticket): Promise<Explanation> {
    const explanation = await this.#explain(ticket);
    if (isFinal(ticket.status)) return explanation;
    const budgets = [...(await this.#envelopes(ticket)), ...(await this.#options.runner.budgets())];
    return budgets.length === 0 ? explanation : { ...explanation, budgets };
  }

  /** The open tickets that nobody here is about to take, the oldest first. */
  async explainOpen(): Promise<readonly UnclaimedTicket[]> {
    const { store } = this.#options;
    const open = await store.find({ status: ["todo", "in_progress", "waiting"], limit: mostUnclaimed });
    const explained = await Promise.all(open.map((ticket) => this.#explain(ticket)));
    return explained.flatMap(({ key, reason, message }) =>
      reason === "final" || reason === "moving" ? [] : [{ key, reason, message }],
    );
  }

  async #explain(ticket: Ticket): Promise<Explanation> {
    const { store, agents, clock, runner } = this.#options;
    const blockers = ticket.blockedBy.length === 0 ? [] : await store.find({ keys: ticket.blockedBy });
    return explainTicket({
      ticket,
      agents: [...agents.values()],
      blockers,
      now: clock.now(),
      violation: runner.violation,
    });
  }

  async #envelopes({ envelopes = [] }: Ticket): Promise<readonly BudgetState[]> {
    const states = envelopes.map(async ({ key, ...limits }) => {
      const { spent, reserved } = await this.#options.store.account(key);
      return limitsOf(limits).map(([limit, maximum]): BudgetState => {
        const amount = limitedAmounts[limit];
        return { limit, maximum, spent: spent[amount], reserved: reserved[amount], envelope: key };
      });
    });
    return (await Promise.all(states)).flat();
  }
}
