import { type Reply, type ReplyDraft, type TicketKey, ticketKeyOf, ticketNumberOf } from "@agentwerk/core";
import type { Facts, KnownTickets, Needs, Texts } from "./known-tickets.ts";
import { type StateRow, type StoredState, toStored } from "./ticket-row.ts";

type TicketTexts = readonly [state: StateRow, body: Texts["body"], ending: Texts["end"] | null];
type Conversation = readonly [
  number: number,
  batches: readonly (readonly [first: number, at: number, drafts: readonly ReplyDraft[]])[],
];

/** What the function `peek` answers. */
export interface PeekAnswer {
  readonly now: number;
  readonly states: readonly StateRow[] | null;
  readonly dependents: readonly (readonly [blocker: number, blocked: readonly number[]])[] | null;
  readonly candidates: readonly (readonly [label: string, rank: number, number: number])[] | null;
  readonly keys: readonly (readonly [key: string, number: number])[] | null;
  readonly tickets: readonly TicketTexts[] | null;
  readonly replies: readonly Conversation[] | null;
  readonly budget: {
    readonly window: string | null;
    readonly sums: readonly number[] | null;
    readonly envelopes: readonly (readonly [number: number, ...amounts: readonly number[]])[] | null;
  } | null;
}

/** What a step did; kept at the server until the writer's next one. */
export interface DoneStep {
  readonly at: number;
  readonly drawn: readonly number[];
  readonly events: readonly number[] | null;
  readonly claimed: readonly (readonly [
    place: number,
    agent: string,
    until: number,
    tickets: readonly (readonly [number: number, token: number, event: number, fresh: boolean])[],
  ])[];
  /** Claims that came upon a ticket whose reservation has to be settled first, from which want on, and how many were left. */
  readonly careful: readonly (readonly [place: number, want: number, left: number])[];
  /** How far the claims came in the queues that they named. */
  readonly heads: readonly (readonly [queues: string, rank: number, number: number, isWhole: boolean])[];
}

/** What the function `step` answers. */
export interface StepAnswer {
  readonly now: number;
  readonly conflict?: readonly (readonly [number: number, state: StateRow | null])[];
  readonly keys?: readonly (readonly [key: string, number: number])[];
  readonly done?: DoneStep | null;
  readonly tickets?: readonly TicketTexts[] | null;
  readonly parents?: readonly StateRow[] | null;
  readonly replies?: readonly Conversation[] | null;
}

/** A ticket with its texts, as {@link StepAnswer.tickets} has it. */
export function toTexts([row, body, ending]: TicketTexts): {
  readonly stored: StoredState;
  readonly texts: Texts;
} {
  return { stored: toStored(row), texts: { body, end: ending ?? undefined } };
}

export function toReplies([, batches]: Conversation): readonly Reply[] {
  return batches.flatMap(([first, at, drafts]) =>
    drafts.map((draft, place): Reply => ({ ...draft, index: first + place, at })),
  );
}

/** Puts what was peeked at to the facts. Tickets that were asked for and are not there are known to be absent. */
export function takeIn(
  answer: PeekAnswer,
  { facts, known, needs }: { readonly facts: Facts; readonly known: KnownTickets; readonly needs: Needs },
): void {
  const reserved: TicketKey[] = [];
  for (const row of answer.states ?? []) {
    const stored = toStored(row);
    facts.learn(stored);
    known.set(stored);
    if (stored.state.reserved !== undefined) reserved.push(stored.state.key);
  }
  for (const key of needs.tickets) if (!facts.states.has(key)) facts.states.set(key, undefined);
  for (const [blocker, blocked] of answer.dependents ?? []) {
    facts.dependents.set(ticketKeyOf(blocker), blocked.map(ticketKeyOf));
  }
  for (const [key, number] of answer.keys ?? []) facts.keys.set(key, ticketKeyOf(number));
  for (const entry of answer.tickets ?? []) {
    const { stored, texts } = toTexts(entry);
    facts.learn(stored);
    facts.texts.set(stored.state.key, texts);
  }
  for (const key of needs.texts) {
    if (facts.texts.has(key)) continue;
    // It was removed since we heard of it last.
    known.forget(key);
    facts.states.set(key, undefined);
  }
  for (const entry of answer.replies ?? []) facts.replies.set(ticketKeyOf(entry[0]), toReplies(entry));
  takeInCandidates(answer, facts, needs);
  if (answer.budget !== null) takeInBudget(answer.budget, { facts, needs, reserved });
}

function takeInCandidates({ candidates }: PeekAnswer, facts: Facts, needs: Needs): void {
  for (const label of needs.queues) {
    const rows = (candidates ?? []).filter(([of]) => of === label);
    facts.candidates.set(
      label,
      rows.map(([, rank, number]) => ({ label, rank, key: ticketKeyOf(number) })),
    );
  }
}

function takeInBudget(
  { window, sums, envelopes }: NonNullable<PeekAnswer["budget"]>,
  options: { readonly facts: Facts; readonly needs: Needs; readonly reserved: readonly TicketKey[] },
): void {
  const { facts, needs, reserved } = options;
  for (const key of needs.envelopes) facts.envelopes.set(key, []);
  for (const [number, ...amounts] of envelopes ?? []) facts.envelopes.set(ticketKeyOf(number), amounts);
  facts.budget ??= { window, sums: sums ?? [], envelopes: facts.envelopes, reserved };
}

/** The request for what is needed, as JSON. */
export function peekRequest(namespace: number, needs: Needs, keys: readonly string[]): string {
  const numbers = (of: Iterable<TicketKey>): readonly number[] => [...of].map(ticketNumberOf);
  return JSON.stringify({
    namespace,
    tickets: numbers(needs.tickets),
    dependents: [...needs.dependents].map(([key, isDeep]) => [ticketNumberOf(key), isDeep]),
    texts: numbers(needs.texts),
    conversations: numbers(needs.conversations),
    keys,
    queues: [...needs.queues],
    most: needs.most,
    ...((needs.budget || needs.envelopes.size > 0) && { budget: true, envelopes: numbers(needs.envelopes) }),
  });
}
