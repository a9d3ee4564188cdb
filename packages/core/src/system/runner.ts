import type { AgentDefinition } from "../agent/agent-definition.ts";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { AgentwerkEvent, UnclaimedTicket } from "../event/event.ts";
import type { Policy } from "../policy/policy.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { type Clock, elapsedSince } from "../util/clock.ts";
import type { BudgetState } from "./budget-state.ts";
import { EndedTickets } from "./ended-tickets.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { Run, type RunOptions as RunParts } from "./run.ts";
import { RunBudget } from "./run-budget.ts";
import { type PolicyViolation, type TicketResults, toTicketResults } from "./ticket-results.ts";

interface RunnerOptions {
  readonly store: TicketStore;
  readonly clock: Clock;
  readonly worker: string;
  readonly leaseMs: number;
  readonly policy: Policy;
  readonly agents: ReadonlyMap<string, AgentDefinition>;
  readonly host: RunParts["host"];
  readonly explainOpen: () => Promise<readonly UnclaimedTicket[]>;
  /** Before the first claim; a rejection keeps the run from starting. */
  readonly onStart: (signal: AbortSignal | undefined) => Promise<void>;
  /** After the last commit, before the results are read: may read ended tickets and hand them to `keep`. */
  readonly onSettled: () => Promise<void>;
  readonly onEnd: () => Promise<void>;
}

interface Going {
  readonly run: Run;
  readonly budget: RunBudget;
  readonly ended: EndedTickets;
  readonly startedAt: number;
  readonly untilDry: boolean;
}

/** The runs of a system, one at a time. */
export class Runner {
  readonly #options: RunnerOptions;
  #going: Going | undefined;
  #last: Promise<TicketResults> | undefined;
  #hasRun = false;
  #runMs = 0;
  #violation: PolicyViolation | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Whether there was a run and none goes on. */
  get isOver(): boolean {
    return this.#hasRun && this.#going === undefined;
  }

  /** Time with a run going on. */
  get runMs(): number {
    const since = this.#going === undefined ? 0 : elapsedSince(this.#going.startedAt, this.#options.clock);
    return this.#runMs + since;
  }

  /** The limit that ended the last run, unless another one goes on. */
  get violation(): PolicyViolation | undefined {
    return this.#going === undefined ? this.#violation : undefined;
  }

  /** How far the limits of the run that goes on are used. */
  async budgets(): Promise<readonly BudgetState[]> {
    return this.#going?.budget.states() ?? [];
  }

  /** @throws AgentwerkError `invalid_input` when a run with a cost limit goes on and the agent's model has no price. */
  checkAgent({ name, model }: AgentDefinition): void {
    this.#going?.budget.checkPrice(model, `agent ${name}`);
  }

  /** An agent joined. */
  wake(): void {
    this.#going?.run.wake();
  }

  notice(event: AgentwerkEvent): void {
    this.#going?.ended.notice(event);
  }

  /** Ended tickets that were read for another purpose. A run without an end would gather them without bound. */
  keep(tickets: readonly Ticket[]): void {
    if (this.#going?.untilDry === true) this.#going.ended.keep(tickets);
  }

  stop(options: { readonly now: boolean }): void {
    this.#going?.run.stop(options);
  }

  /** Resolves when the last run has ended, however it did. */
  async settled(): Promise<void> {
    await this.#last?.catch(() => {});
  }

  /** @throws AgentwerkError `conflict` while a run goes on. */
  begin(options: {
    readonly signal: AbortSignal | undefined;
    readonly untilDry: boolean;
  }): Promise<TicketResults> {
    if (this.#going !== undefined) {
      const message = "A run is already going on in this ticket system; wait for it, or call stop().";
      throw new AgentwerkError({ code: "conflict", message });
    }
    const { store, clock, worker, leaseMs, policy, agents, host, explainOpen } = this.#options;
    const { untilDry } = options;
    const leases = new LeaseKeeper({ store, clock, leaseMs });
    const budget = new RunBudget({ policy, store, clock, worker, leases, leaseMs });
    const parts = { store, clock, worker, leases, leaseMs, policy, agents, host, explainOpen };
    const run = new Run({ ...parts, budget, untilDry });
    this.#going = { run, budget, ended: new EndedTickets(), startedAt: clock.now(), untilDry };
    this.#last = this.#work(this.#going, options.signal);
    return this.#last;
  }

  async #work(going: Going, signal: AbortSignal | undefined): Promise<TicketResults> {
    const { run } = going;
    const { store, onStart, onSettled, onEnd } = this.#options;
    const onAbort = (): void => run.stop({ now: true });
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await onStart(signal);
      if (signal?.aborted === true) onAbort();
      this.#violation = undefined;
      const { ended, ...end } = await run.run();
      this.#violation = end.violation;
      await onSettled();
      return toTicketResults({ ...end, tickets: await going.ended.collect(store, ended) });
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#runMs = this.runMs;
      this.#going = undefined;
      this.#hasRun = true;
      await onEnd();
    }
  }
}
