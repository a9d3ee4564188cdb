import type { TicketStore } from "../ticket-store.ts";
import { claimTickets } from "./claim-tickets.ts";
import { commitStep } from "./commit-step.ts";
import {
  checkClaim,
  checkLeaseMs,
  checkReserve,
  encodeChange,
  encodeDrafts,
  encodeEvents,
} from "./encode-change.ts";
import { checkReferences, insertTickets } from "./insert-tickets.ts";
import { releaseLease, renewLeases } from "./keep-lease.ts";
import { enterBudget, reserve } from "./reserve.ts";
import type { Encode, Later } from "./tables.ts";
import type { Transaction } from "./transaction.ts";
import { checkUpdate, updateTicket } from "./update-ticket.ts";

export interface RunOptions {
  /** May wait a little for another operation to ride with. */
  readonly lazy?: boolean;
  /**
   * Need not outlive a power failure. Leases do not: the workers that hold them end with the machine, and what they
   * write later carries everything before it to the disk.
   */
  readonly fleeting?: boolean;
}

/** Does work in a transaction, and answers with what it yields after the commit. */
export type Run = <T>(work: (tx: Transaction) => Later<T>, options?: RunOptions) => Promise<T>;

type WriteMethod =
  | "insert"
  | "claim"
  | "renew"
  | "release"
  | "reserve"
  | "enterBudget"
  | "commit"
  | "append"
  | "update";

/** The writing half of a store, the same for every engine that has {@link Transaction}s. */
export function writeOperations(run: Run, encode: Encode): Pick<TicketStore, WriteMethod> {
  return {
    async insert(drafts) {
      const encoded = encodeDrafts(drafts, "drafts", encode);
      return run((tx) => {
        checkReferences(tx, encoded);
        const tickets = insertTickets(tx, encoded);
        return () => tickets.map((ticket) => ticket());
      });
    },
    async claim(request) {
      checkClaim(request);
      return run((tx) => claimTickets(tx, request), { fleeting: true });
    },
    async renew(leases, leaseMs) {
      checkLeaseMs(leaseMs);
      return run(
        (tx) => {
          const lost = renewLeases(tx, leases, leaseMs);
          return () => lost;
        },
        { fleeting: true },
      );
    },
    async release(lease) {
      return run((tx) => {
        releaseLease(tx, lease);
        return () => undefined;
      });
    },
    async reserve(lease, request) {
      checkReserve(request);
      return run((tx) => {
        const answer = reserve(tx, lease, request);
        return () => answer;
      });
    },
    async enterBudget(worker, forMs) {
      if (forMs !== 0) checkLeaseMs(forMs, "forMs");
      return run((tx) => {
        const since = enterBudget(tx, { worker, forMs });
        return () => since;
      });
    },
    async commit(lease, change, options = {}) {
      const encoded = encodeChange(change, options, encode);
      return run((tx) => commitStep(tx, lease, encoded));
    },
    async append(events) {
      const encoded = encodeEvents(events, encode);
      return run(
        (tx) => {
          for (const event of encoded) tx.emitEncoded(event);
          return () => undefined;
        },
        { lazy: true, fleeting: true },
      );
    },
    async update(key, change) {
      const checked = checkUpdate(change);
      return run((tx) => updateTicket(tx, key, checked));
    },
  };
}
