import type { AgentDefinition } from "../agent/agent-definition.ts";
import type { LoopHost } from "../loop/loop-host.ts";
import { workTicket } from "../loop/work-ticket.ts";
import type { Claim } from "../store/ticket-store.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { AgentSlots } from "./agent-slots.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";

export interface WorkInHandOptions {
  readonly leases: LeaseKeeper;
  readonly slots: AgentSlots;
  readonly host: LoopHost;
  /** A slot got free; the last commit of its ticket may still be under way. */
  readonly onFree: () => void;
  /** A ticket was let go. */
  readonly onLetGo: () => void;
  /** The store failed, or the loop did. */
  readonly onError: (reason: unknown) => void;
}

/** The tickets that a run works: each with its slot, its lease, and the controller by which it is aborted. */
export class WorkInHand {
  readonly #options: WorkInHandOptions;
  readonly #leases: LeaseKeeper;
  readonly #aborts = new Set<AbortController>();
  #moves = 0;

  constructor(options: WorkInHandOptions) {
    this.#options = options;
    this.#leases = options.leases;
  }

  /** How many there are. */
  get count(): number {
    return this.#aborts.size;
  }

  /** Grows with every ticket that is begun or let go. */
  get moves(): number {
    return this.#moves;
  }

  begin(claim: Claim, agent: AgentDefinition): void {
    const { slots, host, onFree, onLetGo, onError } = this.#options;
    const controller = new AbortController();
    const free = slots.take(agent);
    const freeSlot = (): void => {
      if (free()) onFree();
    };
    this.#moves++;
    this.#aborts.add(controller);
    this.#leases.hold(claim.lease, controller);
    workTicket({
      claim,
      agent,
      host,
      limits: slots.limitsOf(agent),
      signal: controller.signal,
      onEnding: freeSlot,
    })
      .catch(onError)
      .finally(() => {
        this.#moves++;
        this.#aborts.delete(controller);
        this.#leases.drop(claim.lease);
        freeSlot();
        onLetGo();
      });
  }

  /** Ends the work on a ticket that is no longer ours. */
  lose(key: TicketKey): void {
    this.#leases.lose(key);
  }

  /** Another process wrote: one of the tickets may have been cancelled. */
  checkSoon(): void {
    this.#leases.checkSoon();
  }

  abortAll(reason: unknown): void {
    for (const controller of this.#aborts) controller.abort(reason);
  }
}
