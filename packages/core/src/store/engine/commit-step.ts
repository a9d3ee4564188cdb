import type { EventDraft } from "../../event/event.ts";
import type { Reply, ReplyDraft } from "../../ticket/reply.ts";
import { assertNever } from "../../util/assert-never.ts";
import { withFailedAttempt } from "../rules/failed-attempts.ts";
import type { TicketEnd, TicketState } from "../rules/ticket-state.ts";
import { addWork, offerAgain, park, withoutDecisions } from "../rules/transitions.ts";
import type { CommitReceipt, Lease, Outcome, StepChange, WorkDelta } from "../ticket-store.ts";
import { finishTicket } from "./finish-ticket.ts";
import { checkReferences, type EncodedDraft, insertTickets } from "./insert-tickets.ts";
import { loadLeased } from "./load-leased.ts";
import { forfeitReservation } from "./reserve.ts";
import type { Encoded, Later } from "./tables.ts";
import type { Transaction } from "./transaction.ts";

/** A step's change, checked at the door, with the texts that the engine stores. */
export interface EncodedChange {
  readonly replies: Encoded<readonly ReplyDraft[]> | undefined;
  readonly work: WorkDelta | undefined;
  readonly outcome: Outcome | undefined;
  readonly end: Encoded<TicketEnd> | undefined;
  readonly children: readonly EncodedDraft[];
  readonly events: readonly Encoded<EventDraft>[];
  readonly knownReplies: number | undefined;
  readonly decisionsUsed: readonly string[];
  readonly reservation: StepChange["reservation"];
}

const noReplies: Later<readonly Reply[]> = () => [];

/** Applies a step whole, or throws before anything of it was written. */
export function commitStep(tx: Transaction, lease: Lease, change: EncodedChange): Later<CommitReceipt> {
  const state = loadLeased(tx, lease);
  checkReferences(tx, change.children, lease.key);

  const hasNews = change.knownReplies !== undefined && change.knownReplies < state.replies;
  const arrived = hasNews ? tx.tables.repliesOf(state, change.knownReplies ?? 0) : noReplies;
  const appended = appendReplies(tx, state, change.replies);
  for (const event of change.events) tx.emitEncoded(event);
  saveWork(tx, state, change);
  const children = insertTickets(tx, change.children, lease.key);
  if (change.outcome !== undefined) applyOutcome(tx, lease, change, hasNews);

  return () => ({ appended, arrived: arrived(), children: children.map((child) => child()) });
}

export function appendReplies(
  tx: Transaction,
  state: TicketState,
  replies: Encoded<readonly ReplyDraft[]> | undefined,
): readonly Reply[] {
  if (replies === undefined) return [];
  tx.tables.appendReplies(state.key, state.replies, replies, tx.now);
  return replies.value.map((draft, place) => ({ ...draft, index: state.replies + place, at: tx.now }));
}

function saveWork(
  tx: Transaction,
  before: TicketState,
  { replies, work, decisionsUsed, reservation }: EncodedChange,
): void {
  if (replies === undefined && work === undefined && decisionsUsed.length === 0 && reservation === undefined)
    return;
  const state = reservation === "forfeited" ? forfeitReservation(tx, before) : before;
  tx.save({
    ...state,
    reserved: reservation === undefined ? state.reserved : undefined,
    decisions: withoutDecisions(state.decisions, decisionsUsed),
    replies: state.replies + (replies?.value.length ?? 0),
    work: work === undefined ? state.work : addWork(state.work, work),
  });
}

function applyOutcome(tx: Transaction, lease: Lease, change: EncodedChange, hasNews: boolean): void {
  const { outcome, end } = change;
  const state = forfeitReservation(tx, loadLeased(tx, lease));
  if (outcome === undefined) return;
  const head = { agent: state.agent, ticket: state.key, labels: state.labels };
  switch (outcome.status) {
    case "done":
    case "failed":
      if (end !== undefined) tx.tables.setEnd(state.key, end);
      if (outcome.status === "done") {
        tx.emit({ type: "ticket_done", ...head });
        finishTicket(tx, state, "done");
        return;
      }
      tx.emit({ type: "ticket_failed", ...head, failure: outcome.failure });
      finishTicket(tx, withFailedAttempt(state, { ...outcome, model: outcome.model, now: tx.now }), "failed");
      return;
    case "waiting": {
      const parked = park(state, outcome.waiting);
      tx.emit({ type: "ticket_waiting", ...head, waiting: outcome.waiting });
      tx.save(hasAlready(parked, hasNews) ? offerAgain(parked) : parked);
      return;
    }
    default:
      assertNever(outcome);
  }
}

/**
 * Whether a ticket that parks has what it waits for: no child is open, or a person wrote while the question was
 * being asked. Without this it would sleep on a reply that is already there.
 */
function hasAlready(parked: TicketState, hasNews: boolean): boolean {
  switch (parked.waiting?.for) {
    case "children":
      return parked.openChildren === 0;
    case "reply":
      return hasNews;
    case "approval":
    case "blockers":
    case undefined:
      return false;
    default:
      return assertNever(parked.waiting);
  }
}
