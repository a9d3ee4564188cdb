/** Why a ticket failed. Only the first members can be caused by the agent itself; the rest by limits, faults and people. */
export type TicketFailureReason =
  | "given_up"
  | "schema_retries_exhausted"
  | "turns_exhausted"
  | "loop_detected"
  | "handovers_circular"
  | "handovers_too_deep"
  | "refused"
  | "output_truncated"
  | "request_failed"
  | "context_window_exceeded"
  | "attempts_exhausted"
  | "blocked"
  | "budget_exhausted"
  | "price_unknown"
  | "model_unknown"
  | "rejected"
  | "internal_error";

export interface TicketFailure {
  readonly reason: TicketFailureReason;
  /** What happened and what could be done, for people. */
  readonly message: string;
}
