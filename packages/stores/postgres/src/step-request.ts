import { type ClaimRequest, type TicketKey, ticketNumberOf, type Want } from "@agentwerk/core";
import { type EventBatch, queuesOf, type TallyBook, tallyFields } from "@agentwerk/core/store-kit";
import type { Writes } from "./postgres-tables.ts";
import type { QueueHeads } from "./queue-heads.ts";
import { isProgress, progressColumns, queueRows, toColumns } from "./ticket-row.ts";

export interface StepParts {
  readonly writes: Writes;
  readonly keys: ReadonlyMap<string, TicketKey>;
  readonly batches: readonly EventBatch[];
  readonly tally: TallyBook;
  readonly claims: readonly ClaimRequest[];
  readonly heads: QueueHeads;
  readonly base: number;
  /** Asks for all versions before anything is written, so that the answer tells what has changed. */
  readonly asksFirst: boolean;
}

type Parts = Record<string, unknown>;

/** So many tickets can get their numbers in one step; the numbers that stand for them differ in their last digits. */
const placeholderDigits = 6;

/** A number that no ticket has and no text holds by accident, from which on numbers stand for new tickets. */
export function newBase(): number {
  const step = 10 ** placeholderDigits;
  return (8_000_000_000 + Math.floor(Math.random() * 1_000_000_000)) * step;
}

/** Finds the numbers that stand for new tickets in a text. */
function placeholdersIn(text: string, base: number): readonly number[] {
  const prefix = String(base).slice(0, -placeholderDigits);
  if (!text.includes(prefix)) return [];
  return [...new Set(text.match(new RegExp(`${prefix}\\d{${placeholderDigits}}`, "g")))].map(Number);
}

/** Puts real numbers in the place of those that stand for new tickets; `number` knows them by their places. */
export function replacePlaceholders(text: string, base: number, number: (place: number) => number): string {
  const prefix = String(base).slice(0, -placeholderDigits);
  if (!text.includes(prefix)) return text;
  return text.replaceAll(new RegExp(`${prefix}\\d{${placeholderDigits}}`, "g"), (found) =>
    String(number(Number(found) - base)),
  );
}

/** What the function `step` is told, but for who asks and when. Undefined parts are left out: they cost nothing then. */
export function stepParts(parts: StepParts): Parts {
  const { writes, keys, batches, tally, claims, heads, base, asksFirst } = parts;
  const changes: Parts = {
    keys: nonEmpty([...keys].map(([key, ticket]) => ({ key, number: ticketNumberOf(ticket) }))),
    ...ticketParts(writes, base),
    ...queueParts(writes),
    freed: numberArray(writes.freed),
    blockers: nonEmpty(
      writes.blockers.map(([blocker, blocked]) => ({
        blocker: ticketNumberOf(blocker),
        blocked: ticketNumberOf(blocked),
      })),
    ),
    replies: nonEmpty(
      writes.replies.map(({ key, first, at, text }) => ({
        ticket: ticketNumberOf(key),
        first,
        at,
        body: text,
      })),
    ),
    events: nonEmpty(eventParts(batches, base)),
    tallies: nonEmpty(tallyParts(tally)),
    envelopes: nonEmpty(
      [...tally.envelopes].map(([key, { cost, inputTokens, outputTokens }]) => ({
        number: ticketNumberOf(key),
        cost,
        input_tokens: inputTokens,
        output_tokens: outputTokens,
      })),
    ),
    budgetWindow: windowPart(writes.window),
  };
  const hasWrites = Object.values(changes).some((part) => part !== undefined);
  return {
    ...changes,
    claims: nonEmpty(
      claims.map((claim, place) => claimPart(claim, place, changes.queued === undefined ? heads : undefined)),
    ),
    queues:
      claims.length === 0
        ? undefined
        : textArray(new Set(claims.flatMap(({ wants }) => wants.flatMap(queuesOf)))),
    reads: asksFirst || !isCheckedByUpdates(writes, changes) ? readParts(writes) : undefined,
    writes: hasWrites ? true : undefined,
    stepsPlace: tallyFields.indexOf("steps"),
    tickets: numberArray([...writes.wantedTickets].filter((key) => !writes.created.has(key))),
    conversations: nonEmpty(
      [...writes.wantedReplies].map(([key, from]) => ({ number: ticketNumberOf(key), from_index: from })),
    ),
  };
}

/** Nothing in its place is told as `null`. */
function windowPart(window: Writes["window"]): string | null | undefined {
  if (window === undefined) return undefined;
  return window.value === undefined ? null : JSON.stringify(window.value);
}

function ticketParts({ states, created, versions, bodies, ends }: Writes, base: number): Parts {
  const inserts: Parts[] = [];
  const updates: Parts[] = [];
  const progress: Parts[] = [];
  for (const [key, { before, after }] of states) {
    const body = bodies.get(key)?.text;
    const ending = ends.get(key)?.text;
    if (!created.has(key)) {
      const version = (versions.get(key) ?? 0) + 1;
      const isWork = before !== undefined && body === undefined && isProgress(before, after);
      const columns = isWork ? progressColumns(after) : { ...toColumns(after), body };
      (isWork ? progress : updates).push({ ...columns, ends: ends.has(key), ending, version });
      continue;
    }
    const columns = toColumns(after);
    const texts = `${body ?? ""}${ending ?? ""}${String(columns.waiting ?? "")}${String(columns.rest)}`;
    const refs = nonEmpty(placeholdersIn(texts, base));
    inserts.push({ ...columns, version: 1, body: body ?? "{}", ending, refs });
  }
  const byNumber = (left: Parts, right: Parts): number => Number(left.number) - Number(right.number);
  // The order in which rows are locked everywhere.
  for (const list of [inserts, updates, progress]) list.sort(byNumber);
  return { inserts: nonEmpty(inserts), updates: nonEmpty(updates), progress: nonEmpty(progress) };
}

/** Only rows that differ: most steps leave a ticket where it stands. */
function queueParts({ states }: Writes): Parts {
  const unqueued: unknown[] = [];
  const queued: unknown[] = [];
  for (const { before, after } of states.values()) {
    const left = before === undefined ? [] : queueRows(before);
    const taken = queueRows(after);
    const same = (a: (typeof left)[number], b: (typeof left)[number]): boolean =>
      a.label === b.label && a.at === b.at && a.rank === b.rank;
    unqueued.push(...left.filter((row) => !taken.some((other) => same(row, other))));
    queued.push(...taken.filter((row) => !left.some((other) => same(row, other))));
  }
  return { unqueued: nonEmpty(unqueued), queued: nonEmpty(queued) };
}

function eventParts(batches: readonly EventBatch[], base: number): readonly unknown[] {
  return batches.flatMap(({ ticket, events }) =>
    events.map(({ value, text }) => ({
      ticket: ticket === undefined ? undefined : ticketNumberOf(ticket),
      type: value.type,
      body: text,
      refs: nonEmpty(placeholdersIn(text, base)),
    })),
  );
}

function tallyParts({ sums, open }: TallyBook): readonly unknown[] {
  const { todo, in_progress, waiting } = open;
  const isOpenMoved = todo !== 0 || in_progress !== 0 || waiting !== 0;
  const parts: unknown[] = [];
  for (const [label, sum] of sums) {
    const isAll = label === "";
    if (!sum.some((value) => value !== 0) && !(isAll && isOpenMoved)) continue;
    parts.push({
      label,
      todo: isAll ? todo : 0,
      in_progress: isAll ? in_progress : 0,
      waiting: isAll ? waiting : 0,
      sums: sum,
    });
  }
  return parts;
}

function claimPart(
  { worker, wants, limit, leaseMs }: ClaimRequest,
  place: number,
  heads: QueueHeads | undefined,
): unknown {
  return {
    place,
    worker,
    leaseMs,
    limit: Math.min(limit ?? 1_000_000, 1_000_000),
    wants: wants.flatMap((want, index) => (want.limit > 0 ? [wantPart(want, index, heads)] : [])),
  };
}

function wantPart(want: Want, place: number, heads: QueueHeads | undefined): unknown {
  const queues = textArray(queuesOf(want));
  const from = heads?.placeIn(queues);
  return {
    place,
    agent: want.agent,
    limit: Math.min(want.limit, 1_000_000),
    queues,
    fromRank: from?.rank,
    fromNumber: from?.number,
  };
}

/**
 * Each update checks the version of its own row, and one statement locks in order; so if all that was read is written by one
 * statement, nothing else has to be looked at.
 */
function isCheckedByUpdates({ versions, states, created }: Writes, { updates, progress }: Parts): boolean {
  if (updates !== undefined && progress !== undefined) return false;
  return [...versions.keys()].every((key) => states.has(key) && !created.has(key));
}

/** What the step was computed from, in the order in which the rows are locked everywhere. */
function readParts({ versions }: Writes): Parts | undefined {
  if (versions.size === 0) return undefined;
  const reads = [...versions].map(([key, version]) => ({ number: ticketNumberOf(key), version }));
  reads.sort((left, right) => left.number - right.number);
  const literal = (values: readonly number[]): string => `{${values.join(",")}}`;
  return {
    numbers: literal(reads.map(({ number }) => number)),
    versions: literal(reads.map(({ version }) => version)),
  };
}

/** An array of the server's, which it reads much faster than JSON. */
function numberArray(keys: readonly TicketKey[]): string | undefined {
  return keys.length === 0 ? undefined : `{${keys.map(ticketNumberOf).join(",")}}`;
}

/** The same for texts; within quotes only the quote and the backslash mean something. */
function textArray(texts: Iterable<string>): string {
  return `{${[...texts].map((text) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`;
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
