import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { TicketFailure } from "../ticket/ticket-failure.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";

/** A ticket that somebody waited for ended without a result, or the run ended before it did. */
export class TicketError extends AgentwerkError {
  override name = "TicketError";
  readonly ticket: TicketKey;
  /** Present when `code` is `ticket_failed`. */
  readonly failure: TicketFailure | undefined;

  constructor(options: {
    readonly code: "ticket_failed" | "ticket_cancelled" | "ticket_unfinished";
    readonly ticket: TicketKey;
    readonly message: string;
    readonly failure?: TicketFailure | undefined;
  }) {
    super({ code: options.code, message: options.message });
    this.ticket = options.ticket;
    this.failure = options.failure;
  }
}

/** What a failed ticket says to people: how often it was tried, and why the last attempt failed. */
export function describeFailure({ key, failure, failures = [] }: Ticket): string {
  const attempts = failures.length > 1 ? ` after ${failures.length} attempts` : "";
  return `${key} failed${attempts} (${failure?.reason ?? "unknown"}): ${failure?.message ?? "no reason given"}`;
}
