import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import { toErrorMessage } from "../../errors/to-error-message.ts";
import type { EventDraft } from "../../event/event.ts";
import type { Usage } from "../../provider/usage.ts";
import type { TicketDraft } from "../../ticket/ticket-draft.ts";
import { describeUnwhole, isWholeText } from "../../util/is-whole-text.ts";
import { checkDrafts, checkJson, checkName } from "../rules/check-draft.ts";
import { invalidInput } from "../rules/store-errors.ts";
import type { TicketEnd } from "../rules/ticket-state.ts";
import type {
  ClaimRequest,
  CommitOptions,
  Outcome,
  ReserveRequest,
  StepChange,
  Want,
  WorkDelta,
} from "../ticket-store.ts";
import type { EncodedChange } from "./commit-step.ts";
import type { EncodedDraft } from "./insert-tickets.ts";
import type { Encode, Encoded } from "./tables.ts";

/** Checks drafts at the door and makes the texts that the engine stores. */
export function encodeDrafts(
  drafts: readonly TicketDraft[],
  path: string,
  encode: Encode,
): readonly EncodedDraft[] {
  return checkDrafts(drafts, path).map((draft, index) => ({
    ...draft,
    path: `${path}[${index}]`,
    encodedBody: encodeValue(draft.body, `${path}[${index}]`, encode),
  }));
}

export function encodeChange(change: StepChange, options: CommitOptions, encode: Encode): EncodedChange {
  const { replies, children, events } = change;
  const outcome = change.outcome === undefined ? undefined : checkOutcome(change.outcome);
  const end = outcome === undefined ? undefined : endOf(outcome);
  return {
    replies:
      replies === undefined || replies.length === 0
        ? undefined
        : encodeValue(replies, "change.replies", encode),
    work: change.work === undefined ? undefined : checkWork(change.work),
    outcome,
    end: end === undefined ? undefined : encodeValue(end, "change.outcome", encode),
    children: children === undefined ? [] : encodeDrafts(children, "change.children", encode),
    events: events === undefined ? [] : encodeEvents(events, encode),
    knownReplies: options.knownReplies,
    decisionsUsed: change.decisionsUsed ?? [],
    reservation: checkReservation(change.reservation),
  };
}

export function encodeEvents(events: readonly EventDraft[], encode: Encode): readonly Encoded<EventDraft>[] {
  return events.map((event) => encodeValue(event, "events", encode));
}

/** @throws AgentwerkError `invalid_input` naming the field. */
export function checkClaim({ worker, wants, leaseMs }: ClaimRequest): void {
  checkName(worker, "worker");
  checkLeaseMs(leaseMs);
  checkWants(wants);
}

/** @throws AgentwerkError `invalid_input` naming the field. */
export function checkWants(wants: readonly Want[]): void {
  for (const [index, { agent, labels, limit }] of wants.entries()) {
    checkName(agent, `wants[${index}].agent`);
    const odd = labels.find((label) => !isWholeText(label));
    if (odd !== undefined) throw invalidInput(`wants[${index}].labels`, `contains ${describeUnwhole(odd)}.`);
    if (Number.isInteger(limit) && limit >= 0) continue;
    throw invalidInput(`wants[${index}].limit`, `is ${String(limit)}; give a whole number from 0.`);
  }
}

export function checkLeaseMs(leaseMs: number, field = "leaseMs"): void {
  if (Number.isFinite(leaseMs) && leaseMs > 0) return;
  throw invalidInput(field, `is ${String(leaseMs)}; give milliseconds above 0.`);
}

function checkWork(work: WorkDelta): WorkDelta {
  checkNumbers(work, "change.work");
  if (work.usage !== undefined) checkNumbers(work.usage, "change.work.usage");
  return work;
}

function checkReservation(reservation: StepChange["reservation"]): StepChange["reservation"] {
  if (reservation === undefined || reservation === "settled" || reservation === "forfeited")
    return reservation;
  throw invalidInput("change.reservation", `is ${String(reservation)}; give settled or forfeited.`);
}

/** @throws AgentwerkError `invalid_input` for amounts that are not numbers from 0. */
export function checkReserve({ amounts }: ReserveRequest): void {
  for (const name of ["cost", "inputTokens", "outputTokens"] as const) {
    if (Number.isFinite(amounts[name]) && amounts[name] >= 0) continue;
    throw invalidInput(`amounts.${name}`, `is ${String(amounts[name])}; give a number from 0.`);
  }
}

function checkNumbers(numbers: WorkDelta | Usage, path: string): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (typeof value === "object" || value === undefined || Number.isFinite(value)) continue;
    throw invalidInput(`${path}.${name}`, `is ${String(value)}; give a finite number.`);
  }
}

function checkOutcome(outcome: Outcome): Outcome {
  if (outcome.status !== "done") return outcome;
  return { status: "done", result: checkJson(outcome.result, "change.outcome.result") };
}

function endOf(outcome: Outcome): TicketEnd | undefined {
  switch (outcome.status) {
    case "done":
      return { result: outcome.result };
    case "failed":
      return { failure: outcome.failure };
    default:
      return undefined;
  }
}

function encodeValue<T>(value: T, field: string, encode: Encode): Encoded<T> {
  try {
    return { value, text: encode(value) };
  } catch (error) {
    throw new AgentwerkError({
      code: "invalid_input",
      field,
      message: `${field} cannot be written as JSON: ${toErrorMessage(error)}`,
      cause: error,
    });
  }
}
