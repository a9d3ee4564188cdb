import { isFinal, type TicketKey, type TicketStatus, ticketKeyOf, ticketNumberOf } from "@agentwerk/core";
import { queuesOfTicket, type TicketState } from "@agentwerk/core/store-kit";

/** Stands in the queue for a ticket that waits for something other than a time. */
export const notByTime: number = 2 ** 53;

/** A row of `tickets` as the function `state` gives it: an array of its columns. */
export type StateRow = readonly unknown[];

/** A state and the version of its row. */
export interface StoredState {
  readonly state: TicketState;
  readonly version: number;
}

/** What no statement asks for stands in one column, whatever fields the rules come to know. */
type Rest = Omit<
  TicketState,
  | "key"
  | "status"
  | "labels"
  | "priority"
  | "notBefore"
  | "parent"
  | "agent"
  | "waiting"
  | "attempt"
  | "crashes"
  | "replies"
  | "createdAt"
  | "startedAt"
  | "finishedAt"
  | "token"
  | "worker"
  | "leaseUntil"
  | "openBlockers"
  | "queuedAt"
  | "reserved"
  | "attemptStartedAt"
>;

/** Fields that may be absent, so that a state read from a row has them all. */
const absent = {
  decisions: undefined,
  model: undefined,
  envelopes: undefined,
  failures: undefined,
} as const satisfies Partial<Rest>;

/** The columns of a state that work on a ticket changes: few, and nearly every step writes them. */
export function progressColumns(state: TicketState): Record<ProgressName, unknown> {
  const { key, labels, priority, notBefore, parent, agent, attempt, crashes, createdAt, ...others } = state;
  const { startedAt, openBlockers, attemptStartedAt, ...hot } = others;
  const { status, waiting, replies, finishedAt, token, worker, leaseUntil, queuedAt, reserved, ...rest } =
    hot;
  return {
    number: ticketNumberOf(key),
    status,
    waiting: waiting === undefined ? undefined : JSON.stringify(waiting),
    replies,
    finished_at: finishedAt,
    token,
    worker,
    lease_until: leaseUntil,
    queued_at: queuedAt,
    steps: rest.work.steps,
    turns: rest.work.turns,
    cost: rest.work.cost,
    reserved: reserved === undefined ? undefined : JSON.stringify(reserved),
    rest: JSON.stringify(rest),
  };
}

/** The other columns; they are the same after nearly every step. */
function lastingColumns(state: TicketState): Record<string, unknown> {
  const { labels, priority, notBefore, parent, agent, attempt, crashes } = state;
  return {
    labels,
    priority,
    not_before: notBefore,
    parent: parent === undefined ? undefined : ticketNumberOf(parent),
    agent,
    attempt,
    crashes,
    created_at: state.createdAt,
    started_at: state.startedAt,
    open_blockers: state.openBlockers,
    retried: state.failures !== undefined,
    attempt_started_at: state.attemptStartedAt,
  };
}

/** The columns of a state, by the names that the function `step` knows. */
export function toColumns(state: TicketState): Record<string, unknown> {
  return { ...progressColumns(state), ...lastingColumns(state) };
}

/** Whether {@link progressColumns} tells all that is new. */
export function isProgress(before: TicketState, after: TicketState): boolean {
  const old = lastingColumns(before);
  return Object.entries(lastingColumns(after)).every(([name, value]) => value === old[name]);
}

export const progressNames = [
  "number",
  "status",
  "waiting",
  "replies",
  "finished_at",
  "token",
  "worker",
  "lease_until",
  "queued_at",
  "steps",
  "turns",
  "cost",
  "reserved",
  "rest",
] as const;

type ProgressName = (typeof progressNames)[number];

export function toStored(row: StateRow): StoredState {
  const [number, version, status, labels, priority, notBefore, parent, agent, waiting, ...others] = row;
  const [attempt, crashes, replies, createdAt, startedAt, finishedAt, token, worker, leaseUntil, ...more] =
    others;
  const [openBlockers, queuedAt, steps, , , reserved, attemptStartedAt, restValue] = more;
  const rest: Rest = { ...absent, ...toJson(restValue) };
  return {
    version: toNumber(version),
    state: {
      ...rest,
      key: ticketKeyOf(toNumber(number)),
      status: toStatus(status),
      labels: toJson(labels),
      priority: toNumber(priority),
      notBefore: toOptionalNumber(notBefore),
      parent: toOptionalKey(parent),
      agent: toOptionalText(agent),
      waiting: waiting === null ? undefined : toJson(waiting),
      attempt: toNumber(attempt),
      crashes: toNumber(crashes),
      replies: toNumber(replies),
      createdAt: toNumber(createdAt),
      startedAt: toOptionalNumber(startedAt),
      finishedAt: toOptionalNumber(finishedAt),
      token: toNumber(token),
      worker: toOptionalText(worker),
      leaseUntil: toOptionalNumber(leaseUntil),
      openBlockers: toNumber(openBlockers),
      queuedAt: toOptionalNumber(queuedAt),
      reserved: reserved === null ? undefined : toJson(reserved),
      attemptStartedAt: toOptionalNumber(attemptStartedAt),
      // A claim counts its step in the column.
      work: { ...rest.work, steps: toNumber(steps) },
    },
  };
}

/** A row of the table `queue`. */
export interface QueueRow {
  readonly label: string;
  readonly at: number;
  readonly rank: number;
  readonly number: number;
}

/** The rows of the queue that a ticket stands in; none for leased and final ones. */
export function queueRows(state: TicketState): readonly QueueRow[] {
  if (isFinal(state.status) || state.leaseUntil !== undefined) return [];
  const at = state.queuedAt ?? notByTime;
  const number = ticketNumberOf(state.key);
  return queuesOfTicket(state.labels).map((label) => ({ label, at, rank: 0 - state.priority, number }));
}

const statuses: ReadonlyMap<unknown, TicketStatus> = new Map(
  (["todo", "in_progress", "waiting", "done", "failed", "cancelled"] as const).map((status) => [
    status,
    status,
  ]),
);

function toStatus(value: unknown): TicketStatus {
  const status = statuses.get(value);
  if (status === undefined) throw new TypeError(`tickets.status is ${String(value)}`);
  return status;
}

/** JSON of ours comes back as it was written. */
function toJson(value: unknown): ReturnType<typeof JSON.parse> {
  return value;
}

function toNumber(value: unknown): number {
  return typeof value === "number" ? value : Number(value ?? 0);
}

function toOptionalNumber(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : toNumber(value);
}

function toOptionalText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function toOptionalKey(value: unknown): TicketKey | undefined {
  return typeof value === "number" ? ticketKeyOf(value) : undefined;
}
