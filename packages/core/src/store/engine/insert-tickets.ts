import type { Ticket } from "../../ticket/ticket.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import type { CheckedDraft } from "../rules/check-draft.ts";
import { ticketNotFound } from "../rules/store-errors.ts";
import { noWork, type TicketBody, type TicketState, toTicket } from "../rules/ticket-state.ts";
import type { Encoded, Later } from "./tables.ts";
import type { Transaction } from "./transaction.ts";

/** A checked draft with the text of its body. */
export interface EncodedDraft extends CheckedDraft {
  readonly encodedBody: Encoded<TicketBody>;
  /** Where the caller put it: `drafts[2]`. */
  readonly path: string;
}

/**
 * Refuses drafts that name tickets which do not exist; nothing is written before.
 * @throws AgentwerkError `not_found` naming the field.
 */
export function checkReferences(tx: Transaction, drafts: readonly EncodedDraft[]): void {
  for (const { path, parent, body } of drafts) {
    if (parent !== undefined && tx.load(parent) === undefined) throw ticketNotFound(parent, `${path}.parent`);
    for (const [index, blocker] of body.blockedBy.entries()) {
      if (tx.load(blocker) === undefined) throw ticketNotFound(blocker, `${path}.blockedBy[${index}]`);
    }
  }
}

/** Creates tickets from drafts whose references were checked. */
export function insertTickets(
  tx: Transaction,
  drafts: readonly EncodedDraft[],
  defaultParent?: TicketKey,
): Later<Ticket>[] {
  return drafts.map((draft) => insertTicket(tx, draft, defaultParent));
}

function insertTicket(tx: Transaction, draft: EncodedDraft, defaultParent?: TicketKey): Later<Ticket> {
  const { body } = draft;
  if (body.idempotencyKey !== undefined) {
    const known = existingTicket(tx, body.idempotencyKey);
    if (known !== undefined) return known;
  }
  const key = tx.tables.nextKey();
  const parent = draft.parent ?? defaultParent;
  const created: TicketState = {
    key,
    status: "todo",
    labels: draft.labels,
    priority: draft.priority,
    notBefore: draft.notBefore,
    parent,
    agent: undefined,
    waiting: undefined,
    decisions: undefined,
    attempt: 0,
    crashes: 0,
    replies: 0,
    work: noWork,
    createdAt: tx.now,
    startedAt: undefined,
    finishedAt: undefined,
    token: 0,
    worker: undefined,
    leaseUntil: undefined,
    openBlockers: holdBack(tx, key, body.blockedBy),
    openChildren: 0,
    dependents: 0,
    queuedAt: undefined,
  };
  tx.tables.addBody(created, draft.encodedBody);
  const state = tx.save(created);
  if (parent !== undefined) countChild(tx, parent);
  tx.emit({
    type: "ticket_created",
    ticket: key,
    labels: draft.labels,
    ...(body.reporter !== undefined && { reporter: body.reporter }),
    ...(parent !== undefined && { parent }),
  });
  return () => toTicket(state, body, undefined);
}

function existingTicket(tx: Transaction, idempotencyKey: string): Later<Ticket> | undefined {
  const key = tx.tables.keyOfIdempotencyKey(idempotencyKey);
  const state = key === undefined ? undefined : tx.load(key);
  return state === undefined ? undefined : tx.tables.ticketOf(state);
}

/** Registers a new ticket with its open blockers and answers how many there are. */
function holdBack(tx: Transaction, key: TicketKey, blockedBy: readonly TicketKey[]): number {
  if (blockedBy.length === 0) return 0;
  const open: TicketKey[] = [];
  for (const blocker of blockedBy) {
    const state = tx.load(blocker);
    if (state === undefined || state.status === "done") continue;
    tx.save({ ...state, dependents: state.dependents + 1 });
    open.push(blocker);
  }
  if (open.length > 0) tx.tables.addBlockers(key, open);
  return open.length;
}

function countChild(tx: Transaction, parent: TicketKey): void {
  const state = tx.load(parent);
  if (state !== undefined) tx.save({ ...state, openChildren: state.openChildren + 1 });
}
