import type { Outcome } from "../store/ticket-store.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";
import type { TicketFailure } from "../ticket/ticket-failure.ts";
import type { PlannedCall } from "./plan-calls.ts";
import { say, type TicketSession } from "./ticket-session.ts";
import type { StepPart } from "./ticket-writer.ts";

/** What to do next with a ticket. */
export type Step =
  | { readonly kind: "request" }
  | { readonly kind: "call"; readonly planned: readonly PlannedCall[] }
  | EndStep
  /** A budget of the run is used up: back to the queue with what was done. */
  | { readonly kind: "give_back" };

export interface EndStep {
  readonly kind: "end";
  readonly outcome: Outcome;
  readonly children?: readonly TicketDraft[];
  /** What goes on record with the outcome and never before it, so that a worker that takes over comes to it again. */
  readonly parts?: readonly StepPart[];
}

export function fail(failure: TicketFailure, parts: readonly StepPart[] = []): EndStep {
  return { kind: "end", outcome: { status: "failed", failure }, parts };
}

/** Counts a correction; the ticket fails when there were too many. `directive` is said to the model unless it was told already. */
export function correct(
  session: TicketSession,
  { message, directive }: { readonly message: string; readonly directive?: string },
): Step {
  session.schemaRetries++;
  const { maxSchemaRetries } = session.limits;
  if (session.schemaRetries > maxSchemaRetries) {
    return fail({
      reason: "schema_retries_exhausted",
      message: `The agent was corrected ${maxSchemaRetries} times without success; the last time: ${message}`,
    });
  }
  session.writer.note({ events: [{ type: "schema_retried", retry: session.schemaRetries, message }] });
  if (directive !== undefined) say(session, directive);
  return { kind: "request" };
}
