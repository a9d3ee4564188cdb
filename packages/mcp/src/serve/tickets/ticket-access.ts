import {
  AgentwerkError,
  type Condition,
  type Lease,
  LeaseLostError,
  parseQuery,
  parseTicketKey,
  type Ticket,
  type TicketKey,
  type TicketSystem,
} from "@agentwerk/core";
import type { Principal } from "../principal.ts";
import { isWorkerOf, leaseOf, parseClaim } from "./claim-id.ts";
import type { TicketChange, TicketChanges } from "./ticket-watch.ts";

/** Generations of tickets between one that an agent filed and the one that a principal did. */
const longestLineage = 32;

/** The tickets of a system as one principal may see them; what it may not see is not there. */
export class TicketAccess {
  readonly tickets: TicketSystem;
  readonly principal: Principal;

  constructor(options: { readonly tickets: TicketSystem; readonly principal: Principal }) {
    this.tickets = options.tickets;
    this.principal = options.principal;
  }

  /** @throws AgentwerkError `not_found` for a ticket that is not there or not for this principal. */
  async get(key: string): Promise<Ticket> {
    const parsed = parseTicketKey(key);
    const ticket = await this.tickets.store.get(parsed);
    if (ticket !== undefined && (await this.sees(ticket))) return ticket;
    throw notFound(parsed);
  }

  /** In the order of the keys. */
  async getAll(keys: readonly TicketKey[]): Promise<readonly Ticket[]> {
    const found = await this.tickets.store.find({ keys });
    const byKey = new Map(found.map((ticket) => [ticket.key, ticket]));
    const tickets: Ticket[] = [];
    for (const key of keys) {
      const ticket = byKey.get(key);
      if (ticket === undefined || !(await this.sees(ticket))) throw notFound(key);
      tickets.push(ticket);
    }
    return tickets;
  }

  /** Those of the changes that the principal may know of. */
  async seen(changes: TicketChanges): Promise<TicketChanges> {
    const { name, sees } = this.principal;
    if (sees === "all" || changes.size === 0) return changes;
    const seen = new Map([...changes].filter(([, { filed }]) => filed?.reporter === name));
    // What somebody else filed on its own is none of ours; all else takes a look.
    const doubtful = [...changes].filter(([key, { filed }]) => !seen.has(key) && !isForeign(filed));
    if (doubtful.length === 0) return seen;
    for (const ticket of await this.tickets.store.find({ keys: doubtful.map(([key]) => key) })) {
      const change = changes.get(ticket.key);
      if (change !== undefined && (await this.sees(ticket))) seen.set(ticket.key, change);
    }
    return seen;
  }

  async sees(ticket: Ticket): Promise<boolean> {
    const { name, sees } = this.principal;
    if (sees === "all" || ticket.reporter === name) return true;
    if (ticket.lease !== undefined && isWorkerOf(this.principal, ticket.lease.worker)) return true;
    let parent = ticket.parent;
    for (let depth = 0; parent !== undefined && depth < longestLineage; depth++) {
      const ancestor = await this.tickets.store.get(parent);
      if (ancestor?.reporter === name) return true;
      parent = ancestor?.parent;
    }
    return false;
  }

  /**
   * One page of the tickets that match a query, newest first unless it orders them. A principal that sees its own finds
   * those that it filed.
   * @throws QuerySyntaxError pointing at the place in the query.
   */
  async find(options: {
    readonly query: string;
    readonly cursor: ListCursor;
    readonly limit: number;
  }): Promise<{ readonly tickets: readonly Ticket[]; readonly next: ListCursor | undefined }> {
    const { cursor, limit } = options;
    const query = parseQuery(options.query, { now: Date.now() });
    const left = query.limit === undefined ? limit : Math.min(limit, query.limit - cursor.offset);
    if (left <= 0) return { tickets: [], next: undefined };
    const isOrdered = query.orderBy.length > 0;
    const conditions: Condition[] = query.where === undefined ? [] : [query.where];
    if (this.principal.sees !== "all") conditions.push(is("reporter", "=", this.principal.name));
    if (!isOrdered && cursor.before !== undefined) conditions.push(is("key", "<", cursor.before));
    const found = await this.tickets.store.find({
      where: conditions.length === 0 ? undefined : { kind: "and", conditions },
      orderBy: isOrdered ? query.orderBy : [{ field: "key", descending: true }],
      limit: (isOrdered ? cursor.offset : 0) + left + 1,
    });
    const start = isOrdered ? cursor.offset : 0;
    const tickets = found
      .slice(start, start + left)
      .filter(({ reporter }) => this.principal.sees === "all" || reporter === this.principal.name);
    const offset = cursor.offset + left;
    const isEnd = found.length <= start + left || offset === query.limit;
    const last = found.at(start + left - 1);
    return { tickets, next: isEnd ? undefined : { offset, before: numberOf(last) } };
  }

  /**
   * The ticket and the lease of a claim that this principal made.
   * @throws AgentwerkError `lease_lost` when it is no longer held.
   */
  async claimed(claim: string): Promise<{ readonly ticket: Ticket; readonly lease: Lease }> {
    const id = parseClaim(claim);
    const ticket = await this.tickets.store.get(id.key);
    const lease = leaseOf(id, { ticket, principal: this.principal });
    if (ticket === undefined || lease === undefined) throw this.#lost(ticket, id.key);
    return { ticket, lease };
  }

  /** Who worked a ticket last may know that it is free; nobody else learns of it. */
  #lost(ticket: Ticket | undefined, key: TicketKey): AgentwerkError {
    const isFree = ticket?.status === "in_progress" && ticket.lease === undefined;
    if (!isFree || ticket.agent !== this.principal.name) return new LeaseLostError(key);
    const message = `Lease on ${key} is no longer held: it ran out or was given back, and nobody has the ticket yet. Nothing was written; ticket_claim with its labels may bring it to you again.`;
    return new AgentwerkError({ code: "lease_lost", message });
  }

  /** An idempotency key of this principal's own, that no other's can equal. */
  scoped(idempotencyKey: string): string {
    return `mcp:${this.principal.name}:${idempotencyKey}`;
  }
}

/** Where a listing goes on: after so many tickets, and before the ticket with this number. */
export interface ListCursor {
  readonly offset: number;
  readonly before?: number | undefined;
}

function notFound(key: string): AgentwerkError {
  return new AgentwerkError({ code: "not_found", field: "key", message: `There is no ticket ${key}.` });
}

function isForeign(filed: TicketChange["filed"]): boolean {
  return filed !== undefined && filed.parent === undefined;
}

function is(field: "reporter" | "key", comparison: "=" | "<", value: string | number): Condition {
  return { kind: "compare", field, comparison, value };
}

function numberOf(ticket: Ticket | undefined): number | undefined {
  return ticket === undefined ? undefined : Number(ticket.key.slice(ticket.key.lastIndexOf("-") + 1));
}
