import type { Reply, Ticket, TicketStore } from "@agentwerk/core";
import { parseTicketKey } from "@agentwerk/core";
import { UsageError } from "@agentwerk/use-cases-shared";

/** Sessions that are looked at to find the last one, and listed. */
const newest = 20;

export interface Session {
  readonly ticket: Ticket;
  readonly replies: readonly Reply[];
  /** Milliseconds since the epoch. */
  readonly lastAt: number;
}

/** Sessions that can go on, the one that was used last first. */
export async function listSessions(store: TicketStore): Promise<readonly Session[]> {
  const tickets = await store.find({ status: ["todo", "in_progress", "waiting", "failed"] });
  const sessions = await Promise.all(tickets.slice(-newest).map((ticket) => toSession(store, ticket)));
  return sessions.sort((left, right) => right.lastAt - left.lastAt);
}

/**
 * The session with this key, or the one that was used last.
 * @throws UsageError when there is none.
 */
export async function findSession(store: TicketStore, wanted: string): Promise<Session> {
  if (wanted.toLowerCase() === "last") {
    const [last] = await listSessions(store);
    if (last !== undefined) return last;
    throw new UsageError("There is no session to go on with; begin one without --session.");
  }
  const ticket = await store.get(parseTicketKey(wanted.toUpperCase()));
  if (ticket !== undefined) return toSession(store, ticket);
  throw new UsageError(`There is no session ${wanted}; /load lists those that there are.`);
}

async function toSession(store: TicketStore, ticket: Ticket): Promise<Session> {
  const replies = await store.replies(ticket.key);
  return { ticket, replies, lastAt: replies.at(-1)?.at ?? ticket.createdAt };
}

/** The beginning of a session's first message, on one line. */
export function titleOf({ task }: Ticket): string {
  return (typeof task === "string" ? task : JSON.stringify(task)).replaceAll(/\s+/g, " ").trim().slice(0, 60);
}
