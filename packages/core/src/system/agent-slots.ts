import { type AgentDefinition, claimLabels } from "../agent/agent-definition.ts";
import { type TicketLimits, ticketLimits } from "../loop/ticket-limits.ts";
import type { Policy } from "../policy/policy.ts";
import type { Want } from "../store/ticket-store.ts";

/** Which agents are free, and the limits of their tickets. */
export class AgentSlots {
  /** Read anew each time, so that agents may join. */
  readonly #agents: ReadonlyMap<string, AgentDefinition>;
  readonly #policy: Policy;
  readonly #limits = new Map<AgentDefinition, TicketLimits>();
  readonly #busy = new Map<string, number>();

  constructor(options: { readonly agents: ReadonlyMap<string, AgentDefinition>; readonly policy: Policy }) {
    this.#agents = options.agents;
    this.#policy = options.policy;
    // Limits that do not fit are refused before anything begins.
    for (const agent of options.agents.values()) this.limitsOf(agent);
  }

  limitsOf(agent: AgentDefinition): TicketLimits {
    const known = this.#limits.get(agent) ?? ticketLimits(this.#policy, agent.policy);
    this.#limits.set(agent, known);
    return known;
  }

  /** Takes a slot of an agent; the returned function frees it, once. */
  take({ name }: AgentDefinition): () => boolean {
    this.#busy.set(name, this.#busyOf(name) + 1);
    let isFree = false;
    return () => {
      if (isFree) return false;
      isFree = true;
      this.#busy.set(name, this.#busyOf(name) - 1);
      return true;
    };
  }

  /** What the free slots could take, if so many tickets may still be begun. */
  wants(stepsLeft: number): readonly Want[] {
    const wants: Want[] = [];
    for (const agent of this.#agents.values()) {
      const limit = Math.min(stepsLeft, agent.concurrency - this.#busyOf(agent.name));
      if (limit > 0) wants.push({ agent: agent.name, labels: claimLabels(agent), limit });
    }
    return wants;
  }

  /** What could be taken if all slots were free. */
  anyWants(): readonly Want[] {
    return [...this.#agents.values()].map((agent) => ({
      agent: agent.name,
      labels: claimLabels(agent),
      limit: 1,
    }));
  }

  #busyOf(name: string): number {
    return this.#busy.get(name) ?? 0;
  }
}
