import type { Envelope } from "../../ticket/budget.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import type { CheckedDraft } from "../rules/check-draft.ts";
import { ticketNotFound } from "../rules/store-errors.ts";
import { noWork, type TicketBody, type TicketState, toTicket } from "../rules/ticket-state.ts";
import { deadBlockers, meetFailure, passOnFailure } from "./blockers.ts";
import { checkEnvelopes, placeEnvelopes } from "./place-envelopes.ts";
import type { Encoded, Later } from "./tables.ts";
import type { Transaction } from "./transaction.ts";

/** A checked draft with the text of its body. */
export interface EncodedDraft extends CheckedDraft {
  /** Without the blockers that it names by `ref`: those have no keys yet. */
  readonly encodedBody: Encoded<TicketBody>;
  /** Where the caller put it: `drafts[2]`. */
  readonly path: string;
}

/**
 * Refuses drafts that name tickets which do not exist, and budgets within too many others; nothing is written before.
 * @throws AgentwerkError `not_found` or `invalid_input` naming the field.
 */
export function checkReferences(
  tx: Transaction,
  drafts: readonly EncodedDraft[],
  defaultParent?: TicketKey,
): void {
  for (const { path, parent, body } of drafts) {
    if (parent !== undefined && tx.load(parent) === undefined) throw ticketNotFound(parent, `${path}.parent`);
    for (const [index, blocker] of body.blockedBy.entries()) {
      if (tx.load(blocker) === undefined) throw ticketNotFound(blocker, `${path}.blockedBy[${index}]`);
    }
  }
  checkEnvelopes(tx, drafts, defaultParent);
}

/** What became of a draft. */
interface Placed {
  readonly key: TicketKey;
  /** Absent for a draft whose idempotency key is known: its ticket is there already. */
  readonly parent: TicketKey | undefined;
  readonly body: TicketBody | undefined;
}

/**
 * Creates tickets from drafts whose references were checked: first all of them get their keys, then they are written,
 * then they are tied to their parents and blockers, which can stand before or behind them.
 */
export function insertTickets(
  tx: Transaction,
  drafts: readonly EncodedDraft[],
  defaultParent?: TicketKey,
): Later<Ticket>[] {
  if (drafts.length === 0) return [];
  const keys = placeDrafts(tx, drafts);
  const envelopes = placeEnvelopes(tx, drafts, { keys, defaultParent });
  const placed = drafts.map((draft, place) => create(tx, draft, { place, keys, envelopes, defaultParent }));
  for (const entry of placed) tie(tx, entry);
  return placed.map((entry) => answer(tx, entry));
}

/** The key of each draft; a known idempotency key yields the ticket that has it, also one of the same batch. */
function placeDrafts(tx: Transaction, drafts: readonly EncodedDraft[]): readonly PlacedKey[] {
  const inBatch = new Map<string, TicketKey>();
  return drafts.map(({ body: { idempotencyKey } }) => {
    if (idempotencyKey === undefined) return { key: tx.tables.nextKey(), isNew: true };
    const known = inBatch.get(idempotencyKey) ?? existingKey(tx, idempotencyKey);
    if (known !== undefined) return { key: known, isNew: false };
    const key = tx.tables.nextKey();
    inBatch.set(idempotencyKey, key);
    return { key, isNew: true };
  });
}

interface PlacedKey {
  readonly key: TicketKey;
  readonly isNew: boolean;
}

function existingKey(tx: Transaction, idempotencyKey: string): TicketKey | undefined {
  const key = tx.tables.keyOfIdempotencyKey(idempotencyKey);
  return key === undefined || tx.load(key) === undefined ? undefined : key;
}

interface CreateOptions {
  readonly place: number;
  /** Of each draft. */
  readonly envelopes: readonly (readonly Envelope[])[];
  readonly keys: readonly PlacedKey[];
  readonly defaultParent: TicketKey | undefined;
}

function create(tx: Transaction, draft: EncodedDraft, options: CreateOptions): Placed {
  const { keys, place, envelopes } = options;
  const { key = tx.tables.nextKey(), isNew = true } = keys[place] ?? {};
  if (!isNew) return { key, parent: undefined, body: undefined };
  const parent = parentOf(draft, options);
  const encodedBody = withLocalBlockers(tx, draft, keys);
  const { value: body } = encodedBody;
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
    openBlockers: 0,
    openChildren: 0,
    dependents: 0,
    model: undefined,
    envelopes: envelopes[place]?.length ? envelopes[place] : undefined,
    reserved: undefined,
    failures: undefined,
    attemptStartedAt: undefined,
    queuedAt: undefined,
  };
  tx.tables.addBody(created, encodedBody);
  tx.save(created);
  tx.emit({
    type: "ticket_created",
    ticket: key,
    labels: draft.labels,
    ...(body.reporter !== undefined && { reporter: body.reporter }),
    ...(parent !== undefined && { parent }),
  });
  return { key, parent, body };
}

function parentOf(draft: EncodedDraft, { keys, defaultParent }: CreateOptions): TicketKey | undefined {
  const local = draft.local?.parent;
  return (local === undefined ? undefined : keys[local]?.key) ?? draft.parent ?? defaultParent;
}

/** The body with the keys of blockers that were named by `ref`. */
function withLocalBlockers(
  tx: Transaction,
  { encodedBody, local }: EncodedDraft,
  keys: readonly PlacedKey[],
): Encoded<TicketBody> {
  if (local === undefined || local.blockedBy.length === 0) return encodedBody;
  const named = local.blockedBy.flatMap((place) => keys[place]?.key ?? []);
  const blockedBy = [...new Set([...encodedBody.value.blockedBy, ...named])];
  const body = { ...encodedBody.value, blockedBy };
  return { value: body, text: tx.encode(body) };
}

/** Counts a new ticket among its parent's children, and registers it with its open blockers. */
function tie(tx: Transaction, { key, parent, body }: Placed): void {
  if (body === undefined) return;
  const parentState = parent === undefined ? undefined : tx.load(parent);
  if (parentState !== undefined) tx.save({ ...parentState, openChildren: parentState.openChildren + 1 });
  if (body.blockedBy.length === 0) return;
  const open: TicketKey[] = [];
  for (const blocker of body.blockedBy) {
    const state = tx.load(blocker);
    if (state === undefined || state.status === "done") continue;
    tx.save({ ...state, dependents: state.dependents + 1 });
    open.push(blocker);
  }
  const state = tx.load(key);
  if (open.length === 0 || state === undefined) return;
  tx.tables.addBlockers(key, open);
  tx.save({ ...state, openBlockers: open.length });
  const dead = deadBlockers(tx, open);
  if (dead.length > 0 && meetFailure(tx, key, dead) === "failed") passOnFailure(tx, key);
}

/** A ticket is answered as it is at the end of the insert. */
function answer(tx: Transaction, { key, body }: Placed): Later<Ticket> {
  const state = tx.load(key);
  if (state === undefined) throw ticketNotFound(key);
  if (body === undefined || state.status === "failed") return tx.tables.ticketOf(state);
  return () => toTicket(state, body, undefined);
}
