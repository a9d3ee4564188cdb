import type { EventType, TicketSystem } from "@agentwerk/core";

/** What every program shows of the work on a ticket. */
export const workEvents: readonly EventType[] = [
  "ticket_started",
  "ticket_resumed",
  "ticket_done",
  "ticket_failed",
  "request_started",
  "request_finished",
  "request_retried",
  "request_failed",
  "schema_retried",
  "response_repaired",
  "tool_call_started",
  "tool_call_finished",
  "tool_call_failed",
];

/** The first request that failed for good. */
export interface FailedRequest {
  /** For the run, which ends then: the other requests would fare no better. */
  readonly signal: AbortSignal;
  readonly message: string | undefined;
}

export function watchForFailedRequest(tickets: TicketSystem): FailedRequest {
  const controller = new AbortController();
  let first: string | undefined;
  tickets.on("request_failed", ({ message }) => {
    first ??= message;
    controller.abort();
  });
  return {
    signal: controller.signal,
    get message() {
      return first;
    },
  };
}
