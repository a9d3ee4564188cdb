import type { Work } from "./ticket.ts";
import type { TicketFailure } from "./ticket-failure.ts";

/** How one attempt at a ticket came to fail: from its filing or retry to the failure, crashes in between included. */
export interface FailedAttempt {
  /** The ticket's `attempt` when it failed. */
  readonly attempt: number;
  readonly agent?: string | undefined;
  /** Provider and model, as `anthropic:claude-sonnet-4-5`. Absent when no agent had begun. */
  readonly model?: string | undefined;
  readonly failure: TicketFailure;
  /** Of this attempt alone. */
  readonly work: Work;
  /** Milliseconds since the epoch; absent when no agent had begun. */
  readonly startedAt?: number | undefined;
  readonly endedAt: number;
}
