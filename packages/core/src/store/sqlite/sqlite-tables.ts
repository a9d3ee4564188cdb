import type { StatementSync } from "node:sqlite";
import { type Amounts, addAmounts, noAmounts } from "../../ticket/budget.ts";
import type { Reply, ReplyDraft } from "../../ticket/reply.ts";
import { isFinal, type Ticket } from "../../ticket/ticket.ts";
import { type TicketKey, ticketKeyOf } from "../../ticket/ticket-key.ts";
import { queuesOfTicket } from "../engine/claim-tickets.ts";
import type { Encoded, EventBatch, Later, Tables } from "../engine/tables.ts";
import type { BudgetWindow } from "../rules/budget-window.ts";
import { allLabels, amountsOf, type TallyBook, tallyFields } from "../rules/tally-book.ts";
import { type TicketBody, type TicketEnd, type TicketState, toTicket } from "../rules/ticket-state.ts";
import type { Statements } from "./statements.ts";
import { extrasDiffer, extraValues } from "./ticket-extras.ts";
import {
  idOfKey,
  keyOfId,
  namespaceSpan,
  notByTime,
  numberIn,
  type Row,
  textIn,
  ticketValues,
  toTicketState,
} from "./ticket-row.ts";

/** The tables of one namespace, within the write transaction that is open. */
export class SqliteTables implements Tables {
  readonly #sql: Statements;
  readonly #namespace: number;
  #lastTicket = 0;
  #lastEvent = 0;
  #keysGivenOut = false;

  constructor(statements: Statements, namespace: number) {
    this.#sql = statements;
    this.#namespace = namespace;
  }

  /** Reads what other processes may have moved since the last transaction. */
  begin(): void {
    const counters = this.#sql.readCounters.get(this.#namespace) ?? {};
    this.#lastTicket = numberIn(counters, "last_ticket");
    this.#lastEvent = numberIn(counters, "last_event");
    this.#keysGivenOut = false;
  }

  /** Writes events and sums; answers the id of the first event. */
  finish(batches: readonly EventBatch[], tally: TallyBook, at: number): number {
    const firstEvent = this.#lastEvent + 1;
    for (const { ticket, events } of batches) {
      this.#lastEvent += events.length;
      this.#sql.insertEvents.run(
        this.#namespace * namespaceSpan + this.#lastEvent,
        ticket === undefined ? null : this.#id(ticket),
        events.length,
        at,
        `[${events.map((event) => event.text).join(",")}]`,
      );
    }
    for (const [label, sum] of tally.sums) {
      if (label !== allLabels && sum.some((value) => value !== 0)) {
        this.#sql.addToTally.run(this.#namespace, label, ...sum);
      }
    }
    for (const [key, { cost, inputTokens, outputTokens }] of tally.envelopes) {
      this.#sql.addToEnvelope.run(this.#id(key), cost, inputTokens, outputTokens);
    }
    const all = tally.sums.get(allLabels);
    if (all === undefined && batches.length === 0 && !this.#keysGivenOut) return firstEvent;
    const { todo, in_progress, waiting } = tally.open;
    this.#sql.addToNamespace.run(
      ...[this.#lastTicket, this.#lastEvent, todo, in_progress, waiting],
      ...(all ?? tallyFields.map(() => 0)),
      this.#namespace,
    );
    return firstEvent;
  }

  load(key: TicketKey): TicketState | undefined {
    const row = this.#sql.readTicket.get(this.#id(key));
    return row === undefined ? undefined : toTicketState(row);
  }

  save(before: TicketState | undefined, after: TicketState): void {
    this.#moveInQueue(before, after);
    const values = ticketValues(this.#namespace, after);
    const [id = null] = values;
    if (before === undefined) this.#sql.insertTicket.run(...values);
    else if (before.leaseUntil !== after.leaseUntil) this.#sql.updateLease.run(...values.slice(2), id);
    else this.#sql.updatePlain.run(...values.slice(2, -1), id);
    if (extrasDiffer(before, after)) this.#sql.updateExtras.run(...extraValues(after), id);
  }

  nextKey(): TicketKey {
    this.#lastTicket += 1;
    this.#keysGivenOut = true;
    return ticketKeyOf(this.#lastTicket);
  }

  addBody({ key }: TicketState, { value, text }: Encoded<TicketBody>): void {
    this.#sql.insertBody.run(this.#id(key), text);
    if (value.idempotencyKey === undefined) return;
    this.#sql.insertIdempotencyKey.run(this.#namespace, value.idempotencyKey, this.#id(key));
  }

  replaceBody(key: TicketKey, { text }: Encoded<TicketBody>): void {
    this.#sql.updateBody.run(text, this.#id(key));
  }

  body(key: TicketKey): TicketBody {
    return JSON.parse(this.#bodyText(key));
  }

  ticketOf(state: TicketState): Later<Ticket> {
    const body = this.#bodyText(state.key);
    const end = isFinal(state.status) ? this.#endText(state.key) : undefined;
    return () => toTicket(state, JSON.parse(body), end === undefined ? undefined : JSON.parse(end));
  }

  keyOfIdempotencyKey(idempotencyKey: string): TicketKey | undefined {
    const row = this.#sql.readIdempotencyKey.get(this.#namespace, idempotencyKey);
    return row === undefined ? undefined : keyOfId(numberIn(row, "ticket"));
  }

  addBlockers(blocked: TicketKey, blockers: readonly TicketKey[]): void {
    for (const blocker of blockers) this.#sql.insertBlocker.run(this.#id(blocker), this.#id(blocked));
  }

  dependentsOf(blocker: TicketKey): readonly TicketKey[] {
    const rows = this.#sql.readDependents.all(this.#id(blocker));
    return rows.map((row) => keyOfId(numberIn(row, "blocked")));
  }

  takeDependents(blocker: TicketKey): readonly TicketKey[] {
    const dependents = this.dependentsOf(blocker);
    this.#sql.deleteDependents.run(this.#id(blocker));
    return dependents;
  }

  appendReplies(key: TicketKey, first: number, { text }: Encoded<readonly ReplyDraft[]>, at: number): void {
    this.#sql.insertReplies.run(this.#id(key), first, at, text);
  }

  repliesOf(state: TicketState, from: number): Later<readonly Reply[]> {
    return readReplies(this.#sql, this.#id(state.key), from);
  }

  setEnd(key: TicketKey, { text }: Encoded<TicketEnd>): void {
    this.#sql.insertEnd.run(this.#id(key), text);
  }

  clearEnd(key: TicketKey): void {
    this.#sql.deleteEnd.run(this.#id(key));
  }

  reservations(): readonly TicketState[] {
    return this.#sql.readReserved.all(this.#namespace).map(toTicketState);
  }

  spent(tally: TallyBook, envelope: TicketKey | undefined): Amounts {
    if (envelope === undefined) {
      const stored = amountsIn(this.#sql.readSpent.get(this.#namespace) ?? {});
      return addAmounts(stored, amountsOf(tally.sums.get(allLabels)));
    }
    const stored = amountsIn(this.#sql.readEnvelope.get(this.#id(envelope)) ?? {});
    return addAmounts(stored, tally.envelopes.get(envelope) ?? noAmounts);
  }

  budgetWindow(): BudgetWindow | undefined {
    const text = textIn(this.#sql.readWindow.get(this.#namespace) ?? {}, "budget_window");
    return text === "" ? undefined : JSON.parse(text);
  }

  keepBudgetWindow(window: BudgetWindow | undefined): void {
    this.#sql.updateWindow.run(window === undefined ? null : JSON.stringify(window), this.#namespace);
  }

  leasesUntil(now: number): readonly TicketState[] {
    return this.#sql.readExpired.all(this.#namespace, now).map(toTicketState);
  }

  dueUntil(labels: readonly string[], now: number): readonly TicketState[] {
    return labels.flatMap((label) => this.#sql.readDue.all(this.#namespace, label, now).map(toTicketState));
  }

  ready(labels: readonly string[], limit: number): readonly TicketState[] {
    const [only] = labels;
    if (labels.length === 1 && only !== undefined) {
      return this.#sql.readReady.all(this.#namespace, only, limit).map(toTicketState);
    }
    const found: TicketState[] = [];
    for (const id of this.#firstIds(labels, limit)) {
      const row = this.#sql.readTicket.get(id);
      if (row !== undefined) found.push(toTicketState(row));
    }
    return found;
  }

  #firstIds(labels: readonly string[], limit: number): number[] {
    const heads = labels.flatMap((label) =>
      this.#sql.readReadyIds.all(this.#namespace, label, limit).map((row) => ({
        rank: numberIn(row, "rank"),
        id: numberIn(row, "ticket"),
      })),
    );
    heads.sort((left, right) => left.rank - right.rank || left.id - right.id);
    return [...new Set(heads.map(({ id }) => id))].slice(0, limit);
  }

  #moveInQueue(before: TicketState | undefined, after: TicketState): void {
    const left = before === undefined ? undefined : placeOf(before);
    const taken = placeOf(after);
    const isSamePlace =
      left === taken && before?.priority === after.priority && before?.labels === after.labels;
    if (isSamePlace) return;
    if (before !== undefined && left !== undefined) this.#moveRows(this.#sql.deleteQueued, before, left);
    if (taken !== undefined) this.#moveRows(this.#sql.insertQueued, after, taken);
  }

  #moveRows(statement: StatementSync, { key, labels, priority }: TicketState, place: number): void {
    for (const label of queuesOfTicket(labels)) {
      statement.run(this.#namespace, label, place, 0 - priority, this.#id(key));
    }
  }

  #bodyText(key: TicketKey): string {
    return textIn(this.#sql.readBody.get(this.#id(key)) ?? {}, "body");
  }

  #endText(key: TicketKey): string | undefined {
    const row = this.#sql.readEnd.get(this.#id(key));
    return row === undefined ? undefined : textIn(row, "body");
  }

  #id(key: TicketKey): number {
    return idOfKey(this.#namespace, key);
  }
}

function amountsIn(row: Row): Amounts {
  return {
    cost: numberIn(row, "cost"),
    inputTokens: numberIn(row, "input_tokens"),
    outputTokens: numberIn(row, "output_tokens"),
  };
}

/** Where a ticket stands in the table `queue`; absent for leased and final ones. */
function placeOf(state: TicketState): number | undefined {
  if (isFinal(state.status) || state.leaseUntil !== undefined) return undefined;
  return state.queuedAt ?? notByTime;
}

/** The replies of a ticket from index `from` on. */
export function readReplies(sql: Statements, id: number, from: number): Later<readonly Reply[]> {
  const rows = sql.readReplies.all(id, id, from);
  return () =>
    rows.flatMap((row) => {
      const drafts: readonly ReplyDraft[] = JSON.parse(textIn(row, "body"));
      const first = numberIn(row, "first");
      const at = numberIn(row, "at");
      const replies = drafts.map((draft, place): Reply => ({ ...draft, index: first + place, at }));
      return first < from ? replies.slice(from - first) : replies;
    });
}
