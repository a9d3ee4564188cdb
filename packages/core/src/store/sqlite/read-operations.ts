import type { DatabaseSync } from "node:sqlite";
import { type Clock, sleep, systemClock } from "../../util/clock.ts";
import { checkWants } from "../engine/encode-change.ts";
import { readAccount } from "../engine/reserve.ts";
import { checkFilter, checkLimit } from "../rules/check-filter.ts";
import { ticketNotFound } from "../rules/store-errors.ts";
import { TallyBook } from "../rules/tally-book.ts";
import type { TicketStore } from "../ticket-store.ts";
import { Patience } from "./patience.ts";
import { readOutlook, readTotals } from "./read-sums.ts";
import { findEvents, findTickets } from "./read-tickets.ts";
import { isBusy, toStoreError } from "./sqlite-errors.ts";
import { readReplies, type SqliteTables } from "./sqlite-tables.ts";
import type { Statements } from "./statements.ts";
import { idOfKey } from "./ticket-row.ts";

export interface ReadContext {
  readonly database: DatabaseSync;
  readonly sql: Statements;
  readonly tables: SqliteTables;
  readonly namespaceId: number;
  readonly clock: Clock;
  /** Runs a read, again where the file is locked for a moment. */
  readonly read: <Found>(work: () => Found) => Promise<Found>;
}

type Reads = "get" | "find" | "replies" | "events" | "totals" | "account" | "outlook";

/** The reads of a store, whatever way its file was opened. */
export function readOperations(context: ReadContext): Pick<TicketStore, Reads> {
  const { database, sql, tables, namespaceId, clock, read } = context;
  return {
    get: (key) => read(() => findTickets(database, namespaceId, { keys: [key] })[0]),
    async find(filter) {
      checkFilter(filter);
      return read(() => findTickets(database, namespaceId, filter));
    },
    replies: (key) =>
      read(() => {
        const id = idOfKey(namespaceId, key);
        if (sql.readTicket.get(id) === undefined) throw ticketNotFound(key);
        return readReplies(sql, id, 0)();
      }),
    async events(query) {
      checkLimit(query.limit, "limit");
      return read(() => findEvents(database, namespaceId, query));
    },
    totals: () => read(() => readTotals(database, namespaceId)),
    account: (envelope) => read(() => readAccount(tables, new TallyBook(), envelope)),
    async outlook(wants) {
      checkWants(wants);
      return read(() => readOutlook(database, { namespace: namespaceId, wants, now: clock.now() }));
    },
  };
}

/**
 * Tries a read again until `busyTimeoutMs` have passed; `check` comes before each try and may refuse it.
 * @throws AgentwerkError
 */
export async function retryWhileBusy<Found>(
  work: () => Found,
  { path, busyTimeoutMs, check }: BusyOptions,
): Promise<Found> {
  const patience = new Patience(busyTimeoutMs);
  for (;;) {
    check();
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || patience.isOver()) throw toStoreError(error, path);
      await sleep(1, { clock: systemClock });
    }
  }
}

export interface BusyOptions {
  readonly path: string;
  readonly busyTimeoutMs: number;
  readonly check: () => void;
}
