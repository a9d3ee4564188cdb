import type { RunReason, UnclaimedTicket } from "../event/event.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { JsonValue } from "../util/json.ts";

/** A limit that was reached. */
export interface PolicyViolation {
  /** The name within `Policy`. */
  readonly limit: string;
  readonly maximum: number;
  readonly value: number;
}

/**
 * What a run came to. Holds the tickets that ended in this process during the run, in the order in which they ended; of a
 * run that waits for more work instead of ending (`run`), the last 10,000.
 */
export interface TicketResults {
  readonly reason: RunReason;
  /** Present when `reason` is `policy`. */
  readonly violation: PolicyViolation | undefined;
  /** Done, failed and cancelled. */
  readonly tickets: readonly Ticket[];
  /** The results of those that are done. */
  readonly all: readonly JsonValue[];
  readonly first: JsonValue | undefined;
  readonly last: JsonValue | undefined;
  readonly failed: readonly Ticket[];
  /** Tickets that are still open, and why; at most 100. */
  readonly unclaimed: readonly UnclaimedTicket[];
}

export function toTicketResults(options: {
  readonly reason: RunReason;
  readonly violation: PolicyViolation | undefined;
  readonly tickets: readonly Ticket[];
  readonly unclaimed: readonly UnclaimedTicket[];
}): TicketResults {
  const all: JsonValue[] = [];
  for (const { status, result } of options.tickets) {
    if (status === "done" && result !== undefined) all.push(result);
  }
  return {
    ...options,
    all,
    first: all[0],
    last: all.at(-1),
    failed: options.tickets.filter(({ status }) => status === "failed"),
  };
}
