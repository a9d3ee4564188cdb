import type { SQLInputValue } from "node:sqlite";
import type { TicketState } from "../rules/ticket-state.ts";

/** What of a state stands in the column `extras`. */
type Extras = Pick<TicketState, "model" | "envelopes" | "failures" | "attemptStartedAt">;

/** The values of `reserved` and `extras`. */
export function extraValues(state: TicketState): SQLInputValue[] {
  const { reserved, model, envelopes, failures, attemptStartedAt } = state;
  const extras: Extras = { model, envelopes, failures, attemptStartedAt };
  return [
    reserved === undefined ? null : JSON.stringify(reserved),
    hasExtras(state) ? JSON.stringify(extras) : null,
  ];
}

/** Whether two states differ in what {@link extraValues} writes; of a new ticket, whether there is anything. */
export function extrasDiffer(before: TicketState | undefined, after: TicketState): boolean {
  if (before === undefined) return after.reserved !== undefined || hasExtras(after);
  return (
    before.reserved !== after.reserved ||
    before.envelopes !== after.envelopes ||
    before.failures !== after.failures ||
    before.model !== after.model ||
    before.attemptStartedAt !== after.attemptStartedAt
  );
}

function hasExtras({ model, envelopes, failures }: TicketState): boolean {
  return model !== undefined || envelopes !== undefined || failures !== undefined;
}

const noExtras: Extras = {
  model: undefined,
  envelopes: undefined,
  failures: undefined,
  attemptStartedAt: undefined,
};

export function parseExtras(text: string | undefined): Extras {
  return text === undefined ? noExtras : { ...noExtras, ...JSON.parse(text) };
}
