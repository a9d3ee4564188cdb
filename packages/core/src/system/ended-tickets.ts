import type { AgentwerkEvent } from "../event/event.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";

/** Tickets that one look at the store fetches. */
const page = 1_000;

/** The ended tickets that somebody has read during a run anyway, so that its results need not read them again. */
export class EndedTickets {
  readonly #read = new Map<TicketKey, Ticket>();

  /** Keeps tickets that were read after they had ended. */
  keep(tickets: readonly Ticket[]): void {
    for (const ticket of tickets) this.#read.set(ticket.key, ticket);
  }

  /** What was read before one of these no longer holds. */
  notice({ type, ticket }: AgentwerkEvent): void {
    if (ticket === undefined || this.#read.size === 0) return;
    if (type === "ticket_retried") this.#read.delete(ticket);
  }

  /** In the order of the keys; those that were pruned are left out. In parts, so that a long run makes no huge query. */
  async collect(store: TicketStore, keys: readonly TicketKey[]): Promise<readonly Ticket[]> {
    const missing = keys.filter((key) => !this.#read.has(key));
    for (let start = 0; start < missing.length; start += page) {
      this.keep(await store.find({ keys: missing.slice(start, start + page) }));
    }
    return keys.flatMap((key) => this.#read.get(key) ?? []);
  }
}
