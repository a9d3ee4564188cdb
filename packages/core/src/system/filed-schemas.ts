import type { Schema } from "../schema/schema.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";

/** So many are kept without a look at their tickets. */
const fewest = 1_000;

/** Tickets that one look at the store fetches. */
const page = 500;

/**
 * The user's own schemas of tickets that were filed here, until the tickets need them no more. That a ticket ended in
 * another process, or was pruned, nobody tells: so when there are twice as many as after the last look, the store is asked.
 */
export class FiledSchemas {
  readonly #store: TicketStore;
  readonly #schemas = new Map<TicketKey, Schema>();
  #sweepAt = fewest;
  #sweeping: Promise<void> | undefined;

  constructor(store: TicketStore) {
    this.#store = store;
  }

  get size(): number {
    return this.#schemas.size;
  }

  get(key: TicketKey): Schema | undefined {
    return this.#schemas.get(key);
  }

  keep(key: TicketKey, schema: Schema): void {
    this.#schemas.set(key, schema);
    if (this.#schemas.size <= this.#sweepAt) return;
    // A store that cannot be read now is asked again with one of the next tickets.
    this.#sweeping ??= this.#sweep()
      .catch(() => {})
      .finally(() => {
        this.#sweeping = undefined;
      });
  }

  delete(key: TicketKey): void {
    this.#schemas.delete(key);
  }

  /** Drops those of tickets that are done, cancelled or gone. A failed one may be retried. */
  async #sweep(): Promise<void> {
    const keys = [...this.#schemas.keys()];
    for (let start = 0; start < keys.length; start += page) {
      const some = keys.slice(start, start + page);
      const open = await this.#store.find({
        keys: some,
        status: ["todo", "in_progress", "waiting", "failed"],
      });
      const needed = new Set(open.map(({ key }) => key));
      for (const key of some) if (!needed.has(key)) this.#schemas.delete(key);
    }
    this.#sweepAt = Math.max(fewest, 2 * this.#schemas.size);
  }
}
