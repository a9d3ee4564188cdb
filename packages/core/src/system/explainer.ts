import type { AgentDefinition } from "../agent/agent-definition.ts";
import type { UnclaimedTicket } from "../event/event.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { Clock } from "../util/clock.ts";
import { type Explanation, explainTicket } from "./explain-ticket.ts";

/** Open tickets that a run which stalled names. */
const mostUnclaimed = 100;

/** Looks up what an explanation needs. */
export class Explainer {
  readonly #store: TicketStore;
  readonly #agents: ReadonlyMap<string, AgentDefinition>;
  readonly #clock: Clock;

  constructor(options: {
    readonly store: TicketStore;
    readonly agents: ReadonlyMap<string, AgentDefinition>;
    readonly clock: Clock;
  }) {
    this.#store = options.store;
    this.#agents = options.agents;
    this.#clock = options.clock;
  }

  async explain(ticket: Ticket): Promise<Explanation> {
    const blockers = ticket.blockedBy.length === 0 ? [] : await this.#store.find({ keys: ticket.blockedBy });
    return explainTicket({ ticket, agents: [...this.#agents.values()], blockers, now: this.#clock.now() });
  }

  /** The open tickets that nobody here is about to take, the oldest first. */
  async explainOpen(): Promise<readonly UnclaimedTicket[]> {
    const open = await this.#store.find({ status: ["todo", "in_progress", "waiting"], limit: mostUnclaimed });
    const explained = await Promise.all(open.map((ticket) => this.explain(ticket)));
    return explained.flatMap(({ key, reason, message }) =>
      reason === "final" || reason === "moving" ? [] : [{ key, reason, message }],
    );
  }
}
