import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { parseQuery } from "../query/parse-query.ts";
import type { TicketFilter, TicketStore } from "../store/ticket-store.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";

/**
 * Some tickets: a query (`label = scan AND status = failed`), a filter, or a predicate. A predicate is asked of every
 * ticket of the store, so a query is the better choice for large ones.
 */
export type TicketSet = string | TicketFilter | ((ticket: Ticket) => boolean);

/** Tickets that one page of a walk over a whole store holds. */
const page = 1_000;

/** @throws QuerySyntaxError pointing at the place in the query. */
export async function findTickets(
  store: TicketStore,
  { set, now }: { readonly set: TicketSet; readonly now: number },
): Promise<readonly Ticket[]> {
  if (typeof set !== "function") return store.find(toFilter(set, now));
  const found: Ticket[] = [];
  let after: TicketKey | undefined;
  for (;;) {
    const tickets = await store.find({ after, limit: page });
    found.push(...tickets.filter((ticket) => set(ticket)));
    after = tickets.at(-1)?.key;
    if (tickets.length < page) return found;
  }
}

/** A set as something that the store understands; a predicate becomes the list of the keys that it chose. */
export async function filterOf(
  store: TicketStore,
  options: { readonly set: TicketSet; readonly now: number },
): Promise<TicketFilter> {
  const { set, now } = options;
  if (typeof set !== "function") return toFilter(set, now);
  return { keys: (await findTickets(store, options)).map(({ key }) => key) };
}

/** Updates each on its own: one that changed meanwhile, so that the update no longer fits, is left as it is. */
export async function updateEach(
  tickets: readonly Ticket[],
  update: (key: TicketKey) => Promise<Ticket>,
): Promise<readonly Ticket[]> {
  const updated: Ticket[] = [];
  for (const { key } of tickets) {
    try {
      updated.push(await update(key));
    } catch (error) {
      const isStale =
        AgentwerkError.isInstance(error) && (error.code === "conflict" || error.code === "not_found");
      if (!isStale) throw error;
    }
  }
  return updated;
}

function toFilter(set: string | TicketFilter, now: number): TicketFilter {
  return typeof set === "string" ? parseQuery(set, { now }) : set;
}
