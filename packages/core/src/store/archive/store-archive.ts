import type { TicketKey } from "../../ticket/ticket-key.ts";
import type { StoreRecord } from "./store-record.ts";

/** A ticket whose worker has a lease that has not run out. */
export interface HeldTicket {
  readonly key: TicketKey;
  readonly worker: string;
  /** When the lease ends at the latest, in milliseconds since the epoch. */
  readonly until: number;
}

export interface RecordCounts {
  readonly tickets: number;
  readonly replies: number;
  readonly events: number;
}

/** One consistent look at a namespace, while others go on changing it. To be closed soon: engines keep what it sees. */
export interface StoreSnapshot extends AsyncDisposable {
  /** How many there are. */
  readonly counts: RecordCounts;
  /** The greatest id of an event that was given out. */
  readonly lastEvent: number;
  readonly held: readonly HeldTicket[];
  /** When it was taken, on the store's clock. */
  readonly at: number;
  /** Of the same store, but for this one. */
  readonly otherNamespaces: readonly string[];
  /** All of the namespace, once. What is in memory at a time does not grow with it. */
  records(): AsyncIterable<StoreRecord> | Iterable<StoreRecord>;
}

/** A namespace at its place, to be read or written as a whole: what copies and moves stand on. */
export interface StoreArchive {
  /** For people, without secrets. */
  readonly where: string;
  readonly namespace: string;
  /**
   * Reads without writing anything, nor bringing a schema up to date.
   * @throws AgentwerkError `not_found`, `unsupported` for a schema of another version, or as any operation of a store.
   */
  open(): Promise<StoreSnapshot>;
  /**
   * Writes all records into a namespace that is new or empty, in one transaction: whatever happens, nothing or all of it
   * is there.
   * @throws AgentwerkError `conflict` when something is there already, or as any operation of a store.
   */
  restore(records: AsyncIterable<StoreRecord>): Promise<void>;
}
