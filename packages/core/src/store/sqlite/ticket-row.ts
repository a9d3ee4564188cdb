import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { Amounts } from "../../ticket/budget.ts";
import type { CallDecision, TicketStatus, Waiting } from "../../ticket/ticket.ts";
import { type TicketKey, ticketKeyOf, ticketNumberOf } from "../../ticket/ticket-key.ts";
import type { TicketState } from "../rules/ticket-state.ts";
import { parseExtras } from "./ticket-extras.ts";

/** Room for the tickets and events of one namespace; a row's id is `namespace * namespaceSpan + number`. */
export const namespaceSpan: number = 2 ** 36;

/** Stands in the queue for a ticket that waits for something other than a time. */
export const notByTime: number = 2 ** 53;

export type Row = Record<string, SQLOutputValue>;

/** Columns of the table `tickets` in the order of {@link ticketValues}. */
export const ticketColumns = [
  "id",
  "namespace",
  "status",
  "labels",
  "priority",
  "not_before",
  "parent",
  "agent",
  "waiting",
  "attempt",
  "replies",
  "created_at",
  "started_at",
  "finished_at",
  "token",
  "worker",
  "open_blockers",
  "open_children",
  "dependents",
  "queued_at",
  "steps",
  "turns",
  "requests",
  "tool_calls",
  "errors",
  "work_ms",
  "cost",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
  "decisions",
  "crashes",
  "lease_until",
] as const;

/** Columns that a ticket is read from: behind those that every write sets, those that are written only when they change. */
export const readColumns: readonly string[] = [...ticketColumns, "reserved", "extras"];

/** The place of each of {@link readColumns}. */
const column = {
  id: 0,
  status: 2,
  labels: 3,
  priority: 4,
  not_before: 5,
  parent: 6,
  agent: 7,
  waiting: 8,
  attempt: 9,
  replies: 10,
  created_at: 11,
  started_at: 12,
  finished_at: 13,
  token: 14,
  worker: 15,
  open_blockers: 16,
  open_children: 17,
  dependents: 18,
  queued_at: 19,
  steps: 20,
  turns: 21,
  requests: 22,
  tool_calls: 23,
  errors: 24,
  work_ms: 25,
  cost: 26,
  input_tokens: 27,
  output_tokens: 28,
  cache_read_tokens: 29,
  cache_write_tokens: 30,
  reasoning_tokens: 31,
  decisions: 32,
  crashes: 33,
  lease_until: 34,
  reserved: 35,
  extras: 36,
} as const;

export function keyOfId(id: number): TicketKey {
  return ticketKeyOf(id % namespaceSpan);
}

export function idOfKey(namespace: number, key: TicketKey): number {
  return namespace * namespaceSpan + ticketNumberOf(key);
}

export function ticketValues(namespace: number, state: TicketState): SQLInputValue[] {
  const { work } = state;
  const { usage } = work;
  return [
    idOfKey(namespace, state.key),
    namespace,
    state.status,
    labelsText(state.labels),
    state.priority,
    state.notBefore ?? null,
    state.parent === undefined ? null : idOfKey(namespace, state.parent),
    state.agent ?? null,
    state.waiting === undefined ? null : JSON.stringify(state.waiting),
    state.attempt,
    state.replies,
    state.createdAt,
    state.startedAt ?? null,
    state.finishedAt ?? null,
    state.token,
    state.worker ?? null,
    state.openBlockers,
    state.openChildren,
    state.dependents,
    state.queuedAt ?? null,
    work.steps,
    work.turns,
    work.requests,
    work.toolCalls,
    work.errors,
    work.workMs,
    work.cost,
    usage.inputTokens,
    usage.outputTokens,
    usage.cacheReadTokens,
    usage.cacheWriteTokens,
    usage.reasoningTokens,
    state.decisions === undefined ? null : JSON.stringify(state.decisions),
    state.crashes,
    state.leaseUntil ?? null,
  ];
}

function reservedAt(row: TicketRow): Amounts | undefined {
  const text = optionalTextAt(row, column.reserved);
  return text === undefined ? undefined : JSON.parse(text);
}

/** A row of `tickets` as its values in the order of {@link readColumns}. */
export type TicketRow = readonly unknown[];

export function toTicketState(row: TicketRow): TicketState {
  const parent = optionalNumberAt(row, column.parent);
  const { model, envelopes, failures, attemptStartedAt } = parseExtras(optionalTextAt(row, column.extras));
  return {
    model,
    envelopes,
    failures,
    attemptStartedAt,
    reserved: reservedAt(row),
    key: keyOfId(numberAt(row, column.id)),
    status: statusAt(row),
    labels: parseLabels(textAt(row, column.labels)),
    priority: numberAt(row, column.priority),
    notBefore: optionalNumberAt(row, column.not_before),
    parent: parent === undefined ? undefined : keyOfId(parent),
    agent: optionalTextAt(row, column.agent),
    waiting: waitingAt(row),
    decisions: decisionsAt(row),
    attempt: numberAt(row, column.attempt),
    crashes: numberAt(row, column.crashes),
    replies: numberAt(row, column.replies),
    createdAt: numberAt(row, column.created_at),
    startedAt: optionalNumberAt(row, column.started_at),
    finishedAt: optionalNumberAt(row, column.finished_at),
    token: numberAt(row, column.token),
    worker: optionalTextAt(row, column.worker),
    openBlockers: numberAt(row, column.open_blockers),
    openChildren: numberAt(row, column.open_children),
    dependents: numberAt(row, column.dependents),
    queuedAt: optionalNumberAt(row, column.queued_at),
    leaseUntil: optionalNumberAt(row, column.lease_until),
    work: {
      steps: numberAt(row, column.steps),
      turns: numberAt(row, column.turns),
      requests: numberAt(row, column.requests),
      toolCalls: numberAt(row, column.tool_calls),
      errors: numberAt(row, column.errors),
      workMs: numberAt(row, column.work_ms),
      cost: numberAt(row, column.cost),
      usage: {
        inputTokens: numberAt(row, column.input_tokens),
        outputTokens: numberAt(row, column.output_tokens),
        cacheReadTokens: numberAt(row, column.cache_read_tokens),
        cacheWriteTokens: numberAt(row, column.cache_write_tokens),
        reasoningTokens: numberAt(row, column.reasoning_tokens),
      },
    },
  };
}

export function numberIn(row: Row, column: string): number {
  const value = row[column];
  return typeof value === "number" ? value : 0;
}

export function textIn(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}

function numberAt(row: TicketRow, place: number): number {
  const value = row[place];
  return typeof value === "number" ? value : 0;
}

function textAt(row: TicketRow, place: number): string {
  const value = row[place];
  return typeof value === "string" ? value : "";
}

function optionalNumberAt(row: TicketRow, place: number): number | undefined {
  const value = row[place];
  return typeof value === "number" ? value : undefined;
}

function optionalTextAt(row: TicketRow, place: number): string | undefined {
  const value = row[place];
  return typeof value === "string" ? value : undefined;
}

const statuses: ReadonlyMap<string, TicketStatus> = new Map(
  (["todo", "in_progress", "waiting", "done", "failed", "cancelled"] as const).map((status) => [
    status,
    status,
  ]),
);

function statusAt(row: TicketRow): TicketStatus {
  const status = statuses.get(textAt(row, column.status));
  if (status === undefined) throw new TypeError(`tickets.status is ${textAt(row, column.status)}`);
  return status;
}

function waitingAt(row: TicketRow): Waiting | undefined {
  const text = optionalTextAt(row, column.waiting);
  return text === undefined ? undefined : JSON.parse(text);
}

function decisionsAt(row: TicketRow): readonly CallDecision[] | undefined {
  const text = optionalTextAt(row, column.decisions);
  return text === undefined ? undefined : JSON.parse(text);
}

/** There are few different sets of labels, so each is parsed and written once. */
const parsedLabels: Map<string, readonly string[]> = new Map();
const rememberedLabelSets = 10_000;

function parseLabels(text: string): readonly string[] {
  const known = parsedLabels.get(text);
  if (known !== undefined) return known;
  const labels: readonly string[] = JSON.parse(text);
  if (parsedLabels.size >= rememberedLabelSets) parsedLabels.clear();
  parsedLabels.set(text, labels);
  return labels;
}

function labelsText(labels: readonly string[]): string {
  return labels.length === 0 ? "[]" : JSON.stringify(labels);
}
