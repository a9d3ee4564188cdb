import { AgentwerkError } from "../errors/agentwerk-error.ts";
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
