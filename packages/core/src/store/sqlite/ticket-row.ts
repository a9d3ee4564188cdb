import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import { isFinal, type TicketStatus, type Waiting } from "../../ticket/ticket.ts";
import { type TicketKey, ticketKeyOf, ticketNumberOf } from "../../ticket/ticket-key.ts";
import type { TicketState } from "../rules/ticket-state.ts";

/** Room for the tickets and events of one namespace; a row's id is `namespace * namespaceSpan + number`. */
export const namespaceSpan: number = 2 ** 36;

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
  "lease_until",
  "is_open",
] as const;

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
    state.leaseUntil ?? null,
    isFinal(state.status) ? null : 1,
  ];
}

export function toTicketState(row: Row): TicketState {
  return {
    key: keyOfId(numberIn(row, "id")),
    status: statusIn(row),
    labels: parseLabels(textIn(row, "labels")),
    priority: numberIn(row, "priority"),
    notBefore: optionalNumberIn(row, "not_before"),
    parent: parentIn(row),
    agent: optionalTextIn(row, "agent"),
    waiting: waitingIn(row),
    attempt: numberIn(row, "attempt"),
    replies: numberIn(row, "replies"),
    createdAt: numberIn(row, "created_at"),
    startedAt: optionalNumberIn(row, "started_at"),
    finishedAt: optionalNumberIn(row, "finished_at"),
    token: numberIn(row, "token"),
    worker: optionalTextIn(row, "worker"),
    openBlockers: numberIn(row, "open_blockers"),
    openChildren: numberIn(row, "open_children"),
    dependents: numberIn(row, "dependents"),
    queuedAt: optionalNumberIn(row, "queued_at"),
    leaseUntil: optionalNumberIn(row, "lease_until"),
    work: {
      steps: numberIn(row, "steps"),
      turns: numberIn(row, "turns"),
      requests: numberIn(row, "requests"),
      toolCalls: numberIn(row, "tool_calls"),
      errors: numberIn(row, "errors"),
      workMs: numberIn(row, "work_ms"),
      cost: numberIn(row, "cost"),
      usage: {
        inputTokens: numberIn(row, "input_tokens"),
        outputTokens: numberIn(row, "output_tokens"),
        cacheReadTokens: numberIn(row, "cache_read_tokens"),
        cacheWriteTokens: numberIn(row, "cache_write_tokens"),
        reasoningTokens: numberIn(row, "reasoning_tokens"),
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

function optionalNumberIn(row: Row, column: string): number | undefined {
  const value = row[column];
  return typeof value === "number" ? value : undefined;
}

function optionalTextIn(row: Row, column: string): string | undefined {
  const value = row[column];
  return typeof value === "string" ? value : undefined;
}

function parentIn(row: Row): TicketKey | undefined {
  const parent = optionalNumberIn(row, "parent");
  return parent === undefined ? undefined : keyOfId(parent);
}

const statuses: ReadonlyMap<string, TicketStatus> = new Map(
  (["todo", "in_progress", "waiting", "done", "failed", "cancelled"] as const).map((status) => [
    status,
    status,
  ]),
);

function statusIn(row: Row): TicketStatus {
  const status = statuses.get(textIn(row, "status"));
  if (status === undefined) throw new TypeError(`tickets.status is ${textIn(row, "status")}`);
  return status;
}

function waitingIn(row: Row): Waiting | undefined {
  const text = optionalTextIn(row, "waiting");
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
