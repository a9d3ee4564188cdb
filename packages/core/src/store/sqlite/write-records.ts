import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import type { Reply, ReplyDraft } from "../../ticket/reply.ts";
import { isFinal } from "../../ticket/ticket.ts";
import { type TicketKey, ticketKeyOf, ticketNumberOf } from "../../ticket/ticket-key.ts";
import { assertNever } from "../../util/assert-never.ts";
import type { StoreRecord } from "../archive/store-record.ts";
import { allLabels, type OpenCounts, tallyFields } from "../rules/tally-book.ts";
import type { SqliteTables } from "./sqlite-tables.ts";
import type { Statements } from "./statements.ts";
import { idOfKey, namespaceSpan } from "./ticket-row.ts";

/** Writes the records of a namespace into an empty one, within the write transaction that is open. */
export class RecordWriter {
  readonly #sql: Statements;
  readonly #tables: SqliteTables;
  readonly #namespace: number;
  readonly #open: OpenCounts = { todo: 0, in_progress: 0, waiting: 0 };
  #last: { readonly ticket: number; readonly event: number } = { ticket: 0, event: 0 };
  #sums: readonly number[] = tallyFields.map(() => 0);
  /** Replies of one ticket and one moment, which stand in one row. */
  #batch:
    | { readonly ticket: TicketKey; readonly first: number; readonly at: number; drafts: ReplyDraft[] }
    | undefined;

  constructor(sql: Statements, tables: SqliteTables, namespace: number) {
    this.#sql = sql;
    this.#tables = tables;
    this.#namespace = namespace;
  }

  write(record: StoreRecord): void {
    if (record.kind !== "reply") this.#flushReplies();
    switch (record.kind) {
      case "namespace":
        this.#last = { ticket: checked(record.lastTicket), event: checked(record.lastEvent) };
        this.#tables.keepBudgetWindow(record.budgetWindow);
        return;
      case "ticket":
        this.#writeTicket(record);
        return;
      case "reply":
        this.#addReply(record.ticket, record.reply);
        return;
      case "blocker":
        this.#tables.addBlockers(record.blocked, [record.blocker]);
        return;
      case "event": {
        const { id, at, ...draft } = record.event;
        const ticket = draft.ticket === undefined ? null : idOfKey(this.#namespace, draft.ticket);
        // The id of an event is made as that of a ticket.
        const row = idOfKey(this.#namespace, ticketKeyOf(checked(id)));
        this.#sql.insertEvents.run(row, ticket, 1, at, JSON.stringify([draft]));
        return;
      }
      case "tally":
        if (record.label === allLabels) this.#sums = record.sums;
        else this.#sql.addToTally.run(this.#namespace, record.label, ...record.sums);
        return;
      case "envelope": {
        const { cost, inputTokens, outputTokens } = record.spent;
        const id = idOfKey(this.#namespace, record.ticket);
        this.#sql.addToEnvelope.run(id, cost, inputTokens, outputTokens);
        return;
      }
      case "end":
        this.#finish();
        return;
      default:
        assertNever(record);
    }
  }

  #writeTicket({ state, body, end }: Extract<StoreRecord, { kind: "ticket" }>): void {
    checked(ticketNumberOf(state.key));
    this.#tables.addBody(state, { value: body, text: JSON.stringify(body) });
    this.#tables.save(undefined, state);
    if (end !== undefined) this.#tables.setEnd(state.key, { value: end, text: JSON.stringify(end) });
    if (!isFinal(state.status)) this.#open[state.status] += 1;
  }

  #addReply(ticket: TicketKey, { index, at, ...draft }: Reply): void {
    const batch = this.#batch;
    if (batch?.ticket === ticket && batch.at === at) batch.drafts.push(draft);
    else {
      this.#flushReplies();
      this.#batch = { ticket, first: index, at, drafts: [draft] };
    }
  }

  #flushReplies(): void {
    if (this.#batch === undefined) return;
    const { ticket, first, at, drafts } = this.#batch;
    this.#batch = undefined;
    this.#tables.appendReplies(ticket, first, { value: drafts, text: JSON.stringify(drafts) }, at);
  }

  #finish(): void {
    const { todo, in_progress, waiting } = this.#open;
    const { ticket, event } = this.#last;
    this.#sql.addToNamespace.run(ticket, event, todo, in_progress, waiting, ...this.#sums, this.#namespace);
  }
}

function checked(number: number): number {
  if (number < namespaceSpan) return number;
  throw new AgentwerkError({
    code: "unsupported",
    message: `A SQLite store numbers tickets and events up to ${namespaceSpan - 1}, and ${number} is among these. Nothing was written; keep them in PostgreSQL.`,
  });
}
