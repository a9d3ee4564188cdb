import {
  AgentwerkError,
  type AgentwerkEvent,
  isFinal,
  type Reply,
  type Tally,
  type Ticket,
  type TicketKey,
  type TicketStore,
  type Totals,
  ticketNumberOf,
} from "@agentwerk/core";
import { sqliteStore } from "@agentwerk/core/sqlite";
import {
  allLabels,
  queuePlace,
  type TicketBody,
  type TicketEnd,
  type TicketState,
  tallyFields,
} from "@agentwerk/core/store-kit";
import { importIntoPostgres } from "./import-into-postgres.ts";
import { importIntoSqlite } from "./import-into-sqlite.ts";
import { postgres } from "./postgres-store.ts";

/** A store by its place: a `postgres://` URL, or the path of a SQLite file. */
export interface StorePlace {
  readonly url: string;
  /** `default` unless given. */
  readonly namespace?: string | undefined;
  /** Of a PostgreSQL store; `agentwerk` unless given. */
  readonly schema?: string | undefined;
}

export interface CopyReport {
  readonly tickets: number;
  readonly replies: number;
  readonly events: number;
}

/** A ticket with all that belongs to it, as an engine stores it. */
export interface StoredTicket {
  readonly state: TicketState;
  readonly body: TicketBody;
  readonly end: TicketEnd | undefined;
  readonly replies: readonly Reply[];
  /** Blockers that are not done. */
  readonly openBlockers: readonly TicketKey[];
}

/** Everything that a namespace holds. */
export interface StoreDump {
  readonly tickets: readonly StoredTicket[];
  readonly events: readonly AgentwerkEvent[];
  /** Sums in the order of `tallyFields`, by label; with those of tickets that were pruned. */
  readonly sums: ReadonlyMap<string, readonly number[]>;
  readonly open: { readonly todo: number; readonly in_progress: number; readonly waiting: number };
  readonly envelopes: ReadonlyMap<
    TicketKey,
    readonly [cost: number, inputTokens: number, outputTokens: number]
  >;
  /** The greatest number that was ever given out. */
  readonly lastTicket: number;
}

const page = 1_000;

/**
 * Copies a namespace, SQLite to PostgreSQL or back: tickets with their keys, conversations and results, events with their
 * ids, totals with what was pruned, budgets and idempotency keys. The place to copy to has to be empty, and nobody may work
 * on the one that is copied: a ticket that a worker holds refuses the copy.
 * @throws AgentwerkError `conflict` when either does not hold; nothing was written then.
 */
export async function copyStore(from: StorePlace, to: StorePlace): Promise<CopyReport> {
  const source = open(from);
  try {
    const dump = await readDump(source);
    if (isPostgres(to)) await importIntoPostgres(to, dump);
    else await importIntoSqlite(to, dump);
    return {
      tickets: dump.tickets.length,
      replies: dump.tickets.reduce((sum, { replies }) => sum + replies.length, 0),
      events: dump.events.length,
    };
  } finally {
    await source.close();
  }
}

function isPostgres({ url }: StorePlace): boolean {
  return /^postgres(ql)?:/.test(url);
}

function open({ url, namespace, schema }: StorePlace): TicketStore {
  return isPostgres({ url }) ? postgres(url, { namespace, schema }) : sqliteStore({ path: url, namespace });
}

async function readDump(store: TicketStore): Promise<StoreDump> {
  const tickets = await readTickets(store);
  const held = tickets.find(({ lease }) => lease !== undefined);
  if (held !== undefined) {
    throw new AgentwerkError({
      code: "conflict",
      message: `${held.key} is held by ${held.lease?.worker ?? "a worker"}. Stop the workers, wait until their leases have run out and been given back, and copy again.`,
    });
  }
  const status = new Map(tickets.map((ticket) => [ticket.key, ticket.status]));
  const openChildren = new Map<TicketKey, number>();
  const dependents = new Map<TicketKey, number>();
  const count = (of: Map<TicketKey, number>, key: TicketKey): void =>
    void of.set(key, (of.get(key) ?? 0) + 1);
  const openBlockersOf = ({ blockedBy }: Ticket): readonly TicketKey[] =>
    blockedBy.filter((key) => status.has(key) && status.get(key) !== "done");
  for (const ticket of tickets) {
    if (ticket.parent !== undefined && !isFinal(ticket.status)) count(openChildren, ticket.parent);
    for (const blocker of openBlockersOf(ticket)) count(dependents, blocker);
  }
  const stored: StoredTicket[] = [];
  for (const ticket of tickets) {
    const openBlockers = openBlockersOf(ticket);
    stored.push({
      state: toState(ticket, {
        openBlockers: openBlockers.length,
        openChildren: openChildren.get(ticket.key) ?? 0,
        dependents: dependents.get(ticket.key) ?? 0,
      }),
      body: toBody(ticket),
      end: toEnd(ticket),
      replies: ticket.replies === 0 ? [] : await store.replies(ticket.key),
      openBlockers,
    });
  }
  const events = await readEvents(store);
  const numbers = [...tickets.map(({ key }) => key), ...events.flatMap(({ ticket }) => ticket ?? [])].map(
    ticketNumberOf,
  );
  const statuses = (of: Ticket["status"]): number => tickets.filter((ticket) => ticket.status === of).length;
  return {
    tickets: stored,
    events,
    sums: toSums(await store.totals()),
    open: { todo: statuses("todo"), in_progress: statuses("in_progress"), waiting: statuses("waiting") },
    envelopes: await readEnvelopes(store, tickets),
    lastTicket: numbers.reduce((most, number) => Math.max(most, number), 0),
  };
}

async function readTickets(store: TicketStore): Promise<readonly Ticket[]> {
  const tickets: Ticket[] = [];
  for (;;) {
    const found = await store.find({ after: tickets.at(-1)?.key, limit: page });
    tickets.push(...found);
    if (found.length < page) return tickets;
  }
}

async function readEvents(store: TicketStore): Promise<readonly AgentwerkEvent[]> {
  const events: AgentwerkEvent[] = [];
  for (;;) {
    const found = await store.events({ after: events.at(-1)?.id, limit: page });
    if (found.length === 0) return events;
    events.push(...found);
  }
}

async function readEnvelopes(
  store: TicketStore,
  tickets: readonly Ticket[],
): Promise<StoreDump["envelopes"]> {
  const keys = new Set(tickets.flatMap(({ envelopes = [] }) => envelopes.map(({ key }) => key)));
  const envelopes = new Map<TicketKey, readonly [number, number, number]>();
  for (const key of keys) {
    const { cost, inputTokens, outputTokens } = (await store.account(key)).spent;
    envelopes.set(key, [cost, inputTokens, outputTokens]);
  }
  return envelopes;
}

/** A ticket as rules know it. Its token is the number of its claims, which is how tokens grow. */
function toState(
  ticket: Ticket,
  counts: Pick<TicketState, "openBlockers" | "openChildren" | "dependents">,
): TicketState {
  const state: TicketState = {
    key: ticket.key,
    status: ticket.status,
    labels: ticket.labels,
    priority: ticket.priority,
    notBefore: ticket.notBefore,
    parent: ticket.parent,
    agent: ticket.agent,
    waiting: ticket.waiting,
    decisions: ticket.decisions,
    attempt: ticket.attempt,
    crashes: ticket.crashes,
    replies: ticket.replies,
    work: ticket.work,
    createdAt: ticket.createdAt,
    startedAt: ticket.startedAt,
    finishedAt: ticket.finishedAt,
    token: ticket.work.steps,
    worker: undefined,
    leaseUntil: undefined,
    model: ticket.model,
    envelopes: ticket.envelopes,
    reserved: ticket.reserved,
    failures: ticket.failures,
    attemptStartedAt: undefined,
    queuedAt: undefined,
    ...counts,
  };
  return { ...state, queuedAt: queuePlace(state, Date.now()) };
}

function toBody(ticket: Ticket): TicketBody {
  const { task, schema, blockedBy, onBlockerFailed, reporter, templateVariables, idempotencyKey } = ticket;
  return {
    task,
    blockedBy,
    ...(schema !== undefined && { schema }),
    ...(onBlockerFailed !== undefined && { onBlockerFailed }),
    ...(reporter !== undefined && { reporter }),
    ...(templateVariables !== undefined && { templateVariables }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

function toEnd({ result, failure }: Ticket): TicketEnd | undefined {
  if (failure !== undefined) return { failure };
  return result === undefined ? undefined : { result };
}

function toSums({ all, labels }: Totals): ReadonlyMap<string, readonly number[]> {
  return new Map([
    [allLabels, sumOf(all)],
    ...Object.entries(labels).map(([label, tally]) => [label, sumOf(tally)] as const),
  ]);
}

function sumOf({ created, done, failed, cancelled, ticketMs, work }: Tally): readonly number[] {
  const { usage } = work;
  const values: Readonly<Record<(typeof tallyFields)[number], number>> = {
    created,
    done,
    failed,
    cancelled,
    ticket_ms: ticketMs,
    steps: work.steps,
    turns: work.turns,
    requests: work.requests,
    tool_calls: work.toolCalls,
    errors: work.errors,
    work_ms: work.workMs,
    cost: work.cost,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    reasoning_tokens: usage.reasoningTokens,
  };
  return tallyFields.map((field) => values[field]);
}
