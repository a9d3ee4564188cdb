import { type AgentwerkEvent, type Claim, ticketKeyOf } from "@agentwerk/core";
import { type Transaction, toTicket } from "@agentwerk/core/store-kit";
import { type StepAnswer, toReplies, toTexts } from "./answers.ts";
import type { KnownTickets } from "./known-tickets.ts";
import type { PostgresTables } from "./postgres-tables.ts";
import type { QueueHeads } from "./queue-heads.ts";
import { replacePlaceholders } from "./step-request.ts";
import type { Rename, StepTask } from "./step-task.ts";
import { toStored } from "./ticket-row.ts";

/** A step as the rules computed it, ready to be sent. */
export interface Computed {
  readonly tables: PostgresTables;
  readonly tx: Transaction;
  /** The number that stands for the first new ticket's. */
  readonly base: number;
  readonly request: Readonly<Record<string, unknown>>;
}

/** `isTold`: the commit told others of them. */
export type OnEvents = (events: readonly AgentwerkEvent[], told: { readonly isTold: boolean }) => void;

export interface SettleOptions {
  readonly tasks: readonly StepTask[];
  readonly computed: Computed;
  readonly answer: StepAnswer;
  readonly known: KnownTickets;
  readonly heads: QueueHeads;
  readonly onEvents: OnEvents;
}

interface Found {
  readonly events: readonly AgentwerkEvent[];
  /** With the place of the request among those of the step. */
  readonly claims: readonly { readonly place: number; readonly claim: Claim }[];
}

/** After the commit: remembers what is there now, tells the events, and then answers everybody who asked. */
export function settleStep({ tasks, computed, answer, known, heads, onEvents }: SettleOptions): void {
  const rename = renamer(computed, answer.done?.drawn ?? []);
  const tickets = (answer.tickets ?? []).map(toTexts);
  remember({ computed, answer, known, tickets });
  for (const [queues, rank, number, isWhole] of answer.done?.heads ?? [])
    heads.keep(queues, { rank, number }, { isWhole });
  if (computed.request.queued !== undefined) heads.forget();
  const { claims, events: ofClaims } = claimsIn(answer, tickets);
  const events = [...rename(eventsOf(computed, answer)), ...ofClaims];
  if (events.length > 0) onEvents(events, { isTold: computed.request.notify !== undefined });
  let place = 0;
  for (const task of tasks) {
    if (task.claim === undefined) task.settle(rename);
    else takeClaims(task, place++, { answer, claims });
  }
}

function takeClaims(
  task: StepTask,
  place: number,
  { answer, claims }: Pick<Found, "claims"> & { readonly answer: StepAnswer },
): void {
  const careful = answer.done?.careful.find(([of]) => of === place);
  task.takeClaims({
    claims: claims.filter((entry) => entry.place === place).map(({ claim }) => claim),
    rest: careful === undefined ? undefined : { want: careful[1], left: careful[2] },
  });
}

/** Puts the keys that new tickets got in the place of those that stood for them. */
function renamer({ base }: Computed, drawn: readonly number[]): Rename {
  return (value) => {
    if (drawn.length === 0 || value === undefined) return value;
    return JSON.parse(replacePlaceholders(JSON.stringify(value), base, (place) => drawn[place] ?? 0));
  };
}

type Texts = ReturnType<typeof toTexts>;

function remember({
  computed: { tables },
  answer,
  known,
  tickets,
}: Pick<SettleOptions, "computed" | "answer" | "known"> & { readonly tickets: readonly Texts[] }): void {
  const { states, created, versions } = tables.writes;
  for (const [key, { after }] of states) {
    if (!created.has(key)) known.set({ state: after, version: (versions.get(key) ?? 0) + 1 });
  }
  for (const { stored } of tickets) known.set(stored);
  const texts = new Map(tickets.map(({ stored, texts }) => [stored.state.key, texts]));
  for (const row of answer.parents ?? []) known.set(toStored(row));
  const replies = new Map((answer.replies ?? []).map((entry) => [ticketKeyOf(entry[0]), toReplies(entry)]));
  tables.arrive({ texts, replies });
}

function eventsOf({ tx }: Computed, { done }: StepAnswer): AgentwerkEvent[] {
  const at = done?.at ?? tx.now;
  const ids = done?.events ?? [];
  const drafts = tx.batches.flatMap(({ events }) => events);
  return drafts.map(({ value }, place): AgentwerkEvent => ({ id: ids[place] ?? 0, at, ...value }));
}

function claimsIn({ done, replies }: StepAnswer, tickets: readonly Texts[]): Found {
  if (done === undefined || done === null) return { events: [], claims: [] };
  const found = new Map(tickets.map((entry) => [entry.stored.state.key, entry]));
  const conversations = new Map((replies ?? []).map((entry) => [entry[0], toReplies(entry)]));
  const events: AgentwerkEvent[] = [];
  const claims: { readonly place: number; readonly claim: Claim }[] = [];
  const started = done.claimed.flatMap(([place, agent, until, tickets]) =>
    tickets.map((ticket) => [place, agent, until, ...ticket] as const),
  );
  for (const [place, agent, expiresAt, number, token, id, isFresh] of started) {
    const entry = found.get(ticketKeyOf(number));
    if (entry === undefined) continue;
    const { state } = entry.stored;
    const { key, labels, attempt, worker } = state;
    const type = isFresh ? "ticket_started" : "ticket_resumed";
    events.push({ id, at: done.at, type, agent, ticket: key, labels, attempt });
    // Of an answer that came late: somebody else may have it by now.
    if (state.token !== token || worker === undefined) continue;
    const ticket = toTicket(state, entry.texts.body, entry.texts.end);
    const lease = { key, token, worker, expiresAt };
    claims.push({ place, claim: { ticket, lease, agent, replies: conversations.get(number) ?? [] } });
  }
  return { events, claims };
}
