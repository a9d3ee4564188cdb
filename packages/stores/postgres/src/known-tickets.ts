import type { Reply, TicketKey } from "@agentwerk/core";
import type { TicketBody, TicketEnd } from "@agentwerk/core/store-kit";
import type { StoredState } from "./ticket-row.ts";

const remembered = 20_000;

/**
 * The states that this process saw last. They may be out of date: a step says which versions it was computed from, and the
 * server refuses it when one of them is not the latest. So what is remembered here saves a round trip and decides nothing.
 */
export class KnownTickets {
  readonly #states: Map<TicketKey, StoredState> = new Map();

  get(key: TicketKey): StoredState | undefined {
    return this.#states.get(key);
  }

  set(stored: StoredState): void {
    const { key } = stored.state;
    this.#states.delete(key);
    this.#states.set(key, stored);
    if (this.#states.size <= remembered) return;
    for (const oldest of this.#states.keys()) {
      this.#states.delete(oldest);
      return;
    }
  }

  forget(key: TicketKey): void {
    this.#states.delete(key);
  }
}

export interface Texts {
  readonly body: TicketBody;
  readonly end: TicketEnd | undefined;
}

export interface Candidate {
  readonly label: string;
  readonly rank: number;
  readonly key: TicketKey;
}

export interface BudgetFacts {
  readonly window: string | null;
  readonly sums: readonly number[];
  readonly envelopes: ReadonlyMap<TicketKey, readonly number[]>;
  readonly reserved: readonly TicketKey[];
}

/**
 * What one step was computed from. The first thing that was learned of a ticket stays, whatever comes later: all else that
 * was read of it is at least as new, so that the check of its version covers everything.
 */
export class Facts {
  readonly states: Map<TicketKey, StoredState | undefined> = new Map();
  readonly dependents: Map<TicketKey, readonly TicketKey[]> = new Map();
  readonly keys: Map<string, TicketKey> = new Map();
  readonly texts: Map<TicketKey, Texts> = new Map();
  readonly replies: Map<TicketKey, readonly Reply[]> = new Map();
  readonly candidates: Map<string, readonly Candidate[]> = new Map();
  readonly envelopes: Map<TicketKey, readonly number[]> = new Map();
  budget: BudgetFacts | undefined;

  learn(stored: StoredState): void {
    const { key } = stored.state;
    if (!this.states.has(key)) this.states.set(key, stored);
  }
}

/** What has to be read before a step can be computed. */
export class Needs {
  readonly tickets: Set<TicketKey> = new Set();
  /** `true`: with all that waits behind those. */
  readonly dependents: Map<TicketKey, boolean> = new Map();
  readonly texts: Set<TicketKey> = new Set();
  readonly conversations: Set<TicketKey> = new Set();
  readonly queues: Set<string> = new Set();
  readonly envelopes: Set<TicketKey> = new Set();
  most = 0;
  budget = false;

  get isEmpty(): boolean {
    const { tickets, dependents, texts, conversations, queues, envelopes, budget } = this;
    return (
      !budget &&
      [tickets, dependents, texts, conversations, queues, envelopes].every(({ size }) => size === 0)
    );
  }
}

/** Ends the computation of a step that needs to know more. */
export class Missing extends Error {
  override name = "Missing";
}
