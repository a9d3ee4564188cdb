import type { TicketKey } from "../ticket/ticket-key.ts";

/** Tickets that a run without an end remembers to have ended: its results hold no more. */
export const mostRemembered = 10_000;

/** The tickets that ended during a run, the latest of them, in the order in which they ended, each once. */
export class EndedKeys {
  readonly #keys = new Set<TicketKey>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get all(): readonly TicketKey[] {
    return [...this.#keys];
  }

  add(ended: TicketKey): void {
    this.#keys.delete(ended);
    this.#keys.add(ended);
    if (this.#keys.size <= this.#most) return;
    const [oldest] = this.#keys;
    if (oldest !== undefined) this.#keys.delete(oldest);
  }
}
