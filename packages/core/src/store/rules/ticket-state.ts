import { noUsage } from "../../provider/usage.ts";
import type { Amounts, Envelope } from "../../ticket/budget.ts";
import type { FailedAttempt } from "../../ticket/failed-attempt.ts";
import {
  type BlockerPolicy,
  type CallDecision,
  isFinal,
  type Ticket,
  type TicketStatus,
  type Waiting,
  type Work,
} from "../../ticket/ticket.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import type { Lease } from "../ticket-store.ts";

/** The small part of a ticket that rules read and change, with what only the store needs to know. */
export interface TicketState {
  readonly key: TicketKey;
  readonly status: TicketStatus;
  readonly labels: readonly string[];
  readonly priority: number;
  readonly notBefore: number | undefined;
  readonly parent: TicketKey | undefined;
  readonly agent: string | undefined;
  readonly waiting: Waiting | undefined;
  readonly decisions: readonly CallDecision[] | undefined;
  readonly attempt: number;
  /** Workers that vanished with it since it was filed or last retried. */
  readonly crashes: number;
  readonly replies: number;
  readonly work: Work;
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  /** Grows with every claim. */
  readonly token: number;
  /** Who may write; kept after the lease ran out until somebody else claims. */
  readonly worker: string | undefined;
  /** The end of the lease; absent without a lease, and once it ran out and the ticket went back to the queue. */
  readonly leaseUntil: number | undefined;
  /** Blockers that are not `done`. */
  readonly openBlockers: number;
  /** Children that are not final. */
  readonly openChildren: number;
  /** Tickets that were inserted with this one as an open blocker. */
  readonly dependents: number;
  /** The model that a retry named. */
  readonly model: string | undefined;
  /** Its own budget, if it has one, then those of its ancestors. */
  readonly envelopes: readonly Envelope[] | undefined;
  /** Set aside for the request under way; gone when the lease is. */
  readonly reserved: Amounts | undefined;
  readonly failures: readonly FailedAttempt[] | undefined;
  /** When the first claim after the last retry was; absent before the first retry. */
  readonly attemptStartedAt: number | undefined;
  /** 0: can be claimed now; a time: can be claimed then; absent: something other than time must happen first. */
  readonly queuedAt: number | undefined;
}

/** The large and seldom changed part of a ticket. */
export interface TicketBody {
  readonly task: Ticket["task"];
  readonly schema?: Ticket["schema"];
  readonly blockedBy: readonly TicketKey[];
  readonly onBlockerFailed?: BlockerPolicy | undefined;
  readonly reporter?: string | undefined;
  readonly templateVariables?: Ticket["templateVariables"];
  readonly idempotencyKey?: string | undefined;
}

/** How a ticket ended, when it ended by its worker. */
export type TicketEnd = Pick<Ticket, "result" | "failure">;

export const noWork: Work = {
  steps: 0,
  turns: 0,
  requests: 0,
  toolCalls: 0,
  errors: 0,
  workMs: 0,
  usage: noUsage,
  cost: 0,
};

/** Puts the parts of a ticket together to what everybody sees. */
export function toTicket(state: TicketState, body: TicketBody, end: TicketEnd | undefined): Ticket {
  return {
    key: state.key,
    task: body.task,
    labels: state.labels,
    ...(body.schema !== undefined && { schema: body.schema }),
    status: state.status,
    priority: state.priority,
    ...(state.notBefore !== undefined && { notBefore: state.notBefore }),
    blockedBy: body.blockedBy,
    blocked: !isFinal(state.status) && state.openBlockers > 0,
    ...(state.parent !== undefined && { parent: state.parent }),
    ...(body.reporter !== undefined && { reporter: body.reporter }),
    ...(body.templateVariables !== undefined && { templateVariables: body.templateVariables }),
    ...(body.idempotencyKey !== undefined && { idempotencyKey: body.idempotencyKey }),
    ...(state.waiting !== undefined && { waiting: state.waiting }),
    ...(state.decisions !== undefined && { decisions: state.decisions }),
    ...(state.agent !== undefined && { agent: state.agent }),
    attempt: state.attempt,
    crashes: state.crashes,
    ...(state.worker !== undefined &&
      state.leaseUntil !== undefined && { lease: { worker: state.worker, until: state.leaseUntil } }),
    ...(state.status === "done" && end?.result !== undefined && { result: end.result }),
    ...(state.status === "failed" && end?.failure !== undefined && { failure: end.failure }),
    ...(isSpecial(state, body) && specialsOf(state, body)),
    replies: state.replies,
    work: state.work,
    createdAt: state.createdAt,
    ...(state.startedAt !== undefined && { startedAt: state.startedAt }),
    ...(state.finishedAt !== undefined && { finishedAt: state.finishedAt }),
  };
}

/** Whether a ticket has any of what most tickets have not: asked once, because each spread costs a claim its time. */
function isSpecial(
  { failures, model, envelopes, reserved }: TicketState,
  { onBlockerFailed }: TicketBody,
): boolean {
  return (
    failures !== undefined ||
    model !== undefined ||
    envelopes !== undefined ||
    reserved !== undefined ||
    onBlockerFailed !== undefined
  );
}

function specialsOf(
  { failures, model, envelopes, reserved }: TicketState,
  { onBlockerFailed }: TicketBody,
): Partial<Ticket> {
  return {
    ...(onBlockerFailed !== undefined && { onBlockerFailed }),
    ...(failures !== undefined && { failures }),
    ...(model !== undefined && { model }),
    ...(envelopes !== undefined && { envelopes }),
    ...(reserved !== undefined && { reserved }),
  };
}

/** Whether a worker may still write. The time does not matter: a lease that ran out and that nobody took is still good. */
export function holdsLease(state: TicketState | undefined, lease: Lease): state is TicketState {
  return (
    state !== undefined &&
    state.status === "in_progress" &&
    state.worker !== undefined &&
    state.token === lease.token
  );
}

/** Where a ticket stands in the queue: see {@link TicketState.queuedAt}. */
export function queuePlace(state: TicketState, now: number): number | undefined {
  if (state.status === "in_progress") return state.leaseUntil === undefined ? 0 : undefined;
  if (state.status !== "todo" || state.openBlockers > 0) return undefined;
  return state.notBefore !== undefined && state.notBefore > now ? state.notBefore : 0;
}
