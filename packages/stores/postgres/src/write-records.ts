import {
  AgentwerkError,
  assertNever,
  isFinal,
  type Reply,
  type ReplyDraft,
  type TicketKey,
  ticketNumberOf,
} from "@agentwerk/core";
import { allLabels, type OpenCounts, type StoreRecord } from "@agentwerk/core/store-kit";
import type { Query } from "./read-records.ts";
import { RowBuffer } from "./row-buffer.ts";
import { queueRows, toColumns } from "./ticket-row.ts";

/** Writes the records of a namespace into an empty one, some megabytes at a time, within the transaction that is open. */
export class RecordWriter {
  readonly #query: Query;
  readonly #namespace: number;
  readonly #rows: RowBuffer;
  readonly #open: OpenCounts = { todo: 0, in_progress: 0, waiting: 0 };
  /** Replies of one ticket and one moment, which stand in one row. */
  #batch:
    | {
        readonly ticket: TicketKey;
        readonly first: number;
        readonly at: number;
        readonly drafts: ReplyDraft[];
      }
    | undefined;

  constructor(query: Query, namespace: number) {
    this.#query = query;
    this.#namespace = namespace;
    this.#rows = new RowBuffer(query, namespace);
  }

  async write(record: StoreRecord): Promise<void> {
    if (record.kind !== "reply") this.#endBatch();
    switch (record.kind) {
      case "namespace":
        await this.#writeNamespace(record);
        break;
      case "ticket":
        this.#putTicket(record);
        break;
      case "reply":
        this.#putReply(record.ticket, record.reply);
        break;
      case "blocker":
        this.#rows.put("blockers", {
          blocker: ticketNumberOf(record.blocker),
          blocked: ticketNumberOf(record.blocked),
        });
        break;
      case "event": {
        const { id, at, ...draft } = record.event;
        const ticket = draft.ticket === undefined ? undefined : ticketNumberOf(draft.ticket);
        this.#rows.put("events", { id, at, ticket, type: draft.type, body: JSON.stringify(draft) });
        break;
      }
      case "tally": {
        const { label, sums } = record;
        checkText(label, "The totals have the label");
        const open = label === allLabels ? this.#open : { todo: 0, in_progress: 0, waiting: 0 };
        this.#rows.put("tallies", { label, sums, ...open });
        break;
      }
      case "envelope": {
        const { cost, inputTokens: input, outputTokens: output } = record.spent;
        this.#rows.put("envelopes", { number: ticketNumberOf(record.ticket), cost, input, output });
        break;
      }
      case "end":
        await this.#rows.send();
        break;
      default:
        assertNever(record);
    }
    if (this.#rows.isFull) await this.#rows.send();
  }

  /** Numbers go on from the last ones. What a copy that was cut off has moved them to is not undone with it. */
  async #writeNamespace({
    lastTicket,
    lastEvent,
    budgetWindow,
  }: Extract<StoreRecord, { kind: "namespace" }>): Promise<void> {
    const window = budgetWindow === undefined ? null : JSON.stringify(budgetWindow);
    await this.#query("UPDATE {s}.namespaces SET budget_window = $2 WHERE id = $1", [
      this.#namespace,
      window,
    ]);
    for (const [name, last] of [
      ["tickets", lastTicket],
      ["events", lastEvent],
    ] as const) {
      if (last === 0) continue;
      const sequence = `{s}.${name}_${this.#namespace}`;
      await this.#query(
        `SELECT setval('${sequence}', greatest($1, CASE WHEN q.is_called THEN q.last_value END)) FROM ${sequence} q`,
        [last],
      );
    }
  }

  #putTicket({ state, body, end }: Extract<StoreRecord, { kind: "ticket" }>): void {
    const { key, labels, agent, worker } = state;
    const number = ticketNumberOf(key);
    for (const label of labels) checkText(label, `${key} has the label`);
    if (agent !== undefined) checkText(agent, `${key} has the agent`);
    if (worker !== undefined) checkText(worker, `${key} has the worker`);
    const ending = end === undefined ? undefined : JSON.stringify(end);
    this.#rows.put("tickets", { ...toColumns(state), version: 1, body: JSON.stringify(body), ending });
    for (const row of queueRows(state)) this.#rows.put("queue", { ...row });
    if (!isFinal(state.status)) this.#open[state.status] += 1;
    if (body.idempotencyKey === undefined) return;
    checkText(body.idempotencyKey, `${key} has the idempotency key`);
    this.#rows.put("keys", { key: body.idempotencyKey, number });
  }

  #putReply(ticket: TicketKey, { index, at, ...draft }: Reply): void {
    const batch = this.#batch;
    if (batch?.ticket === ticket && batch.at === at) {
      batch.drafts.push(draft);
      return;
    }
    this.#endBatch();
    this.#batch = { ticket, first: index, at, drafts: [draft] };
  }

  #endBatch(): void {
    if (this.#batch === undefined) return;
    const { ticket, first, at, drafts } = this.#batch;
    this.#batch = undefined;
    this.#rows.put("replies", { ticket: ticketNumberOf(ticket), first, at, body: JSON.stringify(drafts) });
  }
}

/** Texts stand in columns of their own where they are searched for; everything else is JSON, which can hold any. */
function checkText(text: string, what: string): void {
  if (text.isWellFormed() && !text.includes("\u0000")) return;
  throw new AgentwerkError({
    code: "invalid_input",
    message: `${what} ${JSON.stringify(text)}, which PostgreSQL cannot hold: it has the character 0 or half of a surrogate pair. Nothing was written. Edit or prune that ticket and copy again, or stay with SQLite.`,
  });
}
