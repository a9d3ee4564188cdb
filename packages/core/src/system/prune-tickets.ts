import type { TicketFilter, TicketStore } from "../store/ticket-store.ts";
import { isFinal } from "../ticket/ticket.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { OutputFiles } from "./output-files.ts";

/** Tickets that one look at the store fetches. */
const page = 500;

/** Prunes the store, and removes the outputs of exactly those tickets that are gone by that. */
export async function pruneTickets(
  filter: TicketFilter,
  { store, outputs }: { readonly store: TicketStore; readonly outputs: OutputFiles },
): Promise<number> {
  const wanted = filter.keys === undefined ? undefined : new Set(filter.keys);
  const kept = (await outputs.tickets()).filter((key) => wanted === undefined || wanted.has(key));
  const { limit: _limit, orderBy: _orderBy, ...conditions } = filter;
  const candidates = await existing(store, kept, conditions);
  const count = await store.prune(filter);
  if (candidates.length === 0) return count;
  const left = new Set(await existing(store, candidates, {}));
  await outputs.remove(candidates.filter((key) => !left.has(key)));
  return count;
}

/** Those of the tickets that are there and match; with conditions, only final ones. */
async function existing(
  store: TicketStore,
  keys: readonly TicketKey[],
  conditions: TicketFilter,
): Promise<readonly TicketKey[]> {
  const isAny = Object.keys(conditions).length === 0;
  const found: TicketKey[] = [];
  for (let start = 0; start < keys.length; start += page) {
    const tickets = await store.find({ ...conditions, keys: keys.slice(start, start + page) });
    for (const { key, status } of tickets) if (isAny || isFinal(status)) found.push(key);
  }
  return found;
}
