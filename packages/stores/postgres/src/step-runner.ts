import { randomUUID } from "node:crypto";
import {
  AgentwerkError,
  type AgentwerkEvent,
  type Claim,
  type TicketKey,
  ticketKeyOf,
} from "@agentwerk/core";
import { type Encode, TallyBook, Transaction, toTicket } from "@agentwerk/core/store-kit";
import { type PeekAnswer, peekRequest, type StepAnswer, takeIn, toReplies, toTexts } from "./answers.ts";
import type { Database, Transact } from "./database.ts";
import type { ServerClock } from "./database-clock.ts";
import { Facts, type KnownTickets, Missing, Needs } from "./known-tickets.ts";
import { toStoreError, troubleOf } from "./postgres-errors.ts";
import { PostgresTables } from "./postgres-tables.ts";
import { newBase, replacePlaceholders, stepParts } from "./step-request.ts";
import type { Rename, StepTask } from "./step-task.ts";
import { toStored } from "./ticket-row.ts";

/** After so many conflicts a step locks what it reads before it computes, so that nobody comes between again. */
const hopefulTries = 3;
const mostTries = 60;
const mostRounds = 200;

export const encode: Encode = (value) => JSON.stringify(value);

export interface StepRunnerOptions {
  readonly database: Database;
  readonly namespace: () => Promise<number>;
  readonly clock: ServerClock;
  readonly known: KnownTickets;
  /** After the commit, before anybody else knows. */
  readonly onEvents: (events: readonly AgentwerkEvent[]) => void;
}

/** A step as the rules computed it, ready to be sent. */
interface Computed {
  readonly tables: PostgresTables;
  readonly tx: Transaction;
  readonly base: number;
  readonly request: Readonly<Record<string, unknown>>;
}

/**
 * Does what a group of operations asks for in one transaction. The rules of the core compute it here, from what this
 * process knows; the server applies it if that is still so, and otherwise says what changed, and it is computed anew.
 */
export class StepRunner {
  readonly #options: StepRunnerOptions;
  readonly #writer: string = randomUUID();
  #step = 0;

  constructor(options: StepRunnerOptions) {
    this.#options = options;
  }

  /** Settles every task. */
  async run(tasks: readonly StepTask[]): Promise<void> {
    try {
      await this.#run(tasks);
    } catch (error) {
      const isOfAll = AgentwerkError.isInstance(error) && error.code === "store_unavailable";
      if (tasks.length > 1 && !isOfAll) {
        // One of them cannot be written, and nobody foresaw it: each gets its own transaction, so that only that one is lost.
        for (const task of tasks) await this.run([task]);
        return;
      }
      const reason = toStoreError(error, this.#options.database.where);
      for (const task of tasks) task.reject(reason);
    }
  }

  async #run(tasks: readonly StepTask[]): Promise<void> {
    const { database } = this.#options;
    const namespace = await this.#options.namespace();
    const needs = new Needs();
    this.#noteHints(tasks, needs);
    const keys = new Map<string, TicketKey>();
    let isLocked = false;
    for (let tries = 0; tries < mostTries; tries++) {
      if (tries > hopefulTries) await pause(tries);
      let computed: Computed | undefined;
      const keep = (made: Computed): void => {
        computed = made;
      };
      const first = this.#step + 1;
      let answer: StepAnswer;
      try {
        if (isLocked || needs.budget) {
          answer = await this.#runLocked({ namespace, tasks, needs, keys, keep });
        } else {
          computed = await this.#compute({
            namespace,
            tasks,
            needs,
            keys,
            peek: (request) => this.#peek(request),
          });
          // It turned out that a budget has to be looked at, which takes its lock.
          if (computed === undefined) continue;
          const { writes, claims, reads } = computed.request;
          const isEmpty = [writes, claims, reads].every((part) => part === undefined);
          answer = isEmpty ? { now: computed.tx.now } : await this.#send(computed.request, namespace);
        }
      } catch (error) {
        if (AgentwerkError.isInstance(error)) throw error;
        const trouble = troubleOf(error);
        if (trouble === "raced") continue;
        if (trouble !== "connection_lost" || !isOfDatabase(error)) throw error;
        answer = await this.#ask(namespace, first, computed);
      }
      if (answer.conflict !== undefined) {
        this.#learnConflict(answer);
        for (const [key, number] of answer.keys ?? []) keys.set(key, ticketKeyOf(number));
        isLocked ||= tries + 1 >= hopefulTries;
        continue;
      }
      if (computed === undefined) continue;
      const { writes, claims } = computed.request;
      if ((answer.done ?? undefined) === undefined && (writes !== undefined || claims !== undefined))
        continue;
      this.#settle(tasks, computed, answer);
      return;
    }
    throw new AgentwerkError({
      code: "store_busy",
      message: `${database.where}: others changed the same tickets ${mostTries} times in between. Nothing was written; try again.`,
    });
  }

  #noteHints(tasks: readonly StepTask[], needs: Needs): void {
    for (const { hint } of tasks) {
      for (const key of hint) if (this.#options.known.get(key) === undefined) needs.tickets.add(key);
    }
  }

  /** Asks the rules, and reads what they miss, until they have everything. */
  async #compute(options: {
    readonly namespace: number;
    readonly tasks: readonly StepTask[];
    readonly needs: Needs;
    /** Idempotency keys that turned out to be taken. */
    readonly keys: ReadonlyMap<string, TicketKey>;
    readonly peek: (request: string) => Promise<PeekAnswer>;
    readonly facts?: Facts;
    readonly isLocked?: boolean;
  }): Promise<Computed | undefined> {
    const { namespace, tasks, needs, peek, facts = new Facts(), isLocked = false } = options;
    const { clock, known } = this.#options;
    const base = newBase();
    for (const [key, ticket] of options.keys) facts.keys.set(key, ticket);
    let round = isLocked ? new Needs() : needs;
    for (let rounds = 0; rounds < mostRounds; rounds++) {
      if (round.budget && !isLocked) {
        needs.budget = true;
        return undefined;
      }
      if (!round.isEmpty)
        takeIn(await peek(peekRequest(namespace, round, [])), { facts, known, needs: round });
      round = new Needs();
      const tables = new PostgresTables({ facts, known, needs: round, base });
      const tx = new Transaction({ tables, now: clock.now(), encode, tally: new TallyBook() });
      for (const task of tasks) attempt(task, tx);
      if (!round.isEmpty) continue;
      tx.flush();
      const claims = tasks.flatMap(({ claim }) => claim ?? []);
      const parts = stepParts({
        writes: tables.writes,
        keys: tables.newKeys,
        batches: tx.batches,
        tally: tx.tally,
        claims,
        base,
      });
      return { tables, tx, base, request: { ...parts, now: tx.now, base } };
    }
    throw new Error("The rules asked for ever more.");
  }

  async #runLocked(options: {
    readonly namespace: number;
    readonly tasks: readonly StepTask[];
    readonly needs: Needs;
    readonly keys: ReadonlyMap<string, TicketKey>;
    /** Told before anything is sent. */
    readonly keep: (computed: Computed) => void;
  }): Promise<StepAnswer> {
    const { namespace, tasks, needs, keys, keep } = options;
    const { database, known, clock } = this.#options;
    for (const { hint } of tasks) for (const key of hint) needs.tickets.add(key);
    if (needs.budget) for (const key of needs.tickets) noteEnvelopes(needs, known.get(key)?.state.envelopes);
    return database.transact(async (transaction: Transact) => {
      const facts = new Facts();
      const peeked = toPeekAnswer(await transaction.begin(peekRequest(namespace, needs, [])));
      clock.learn(peeked.now);
      takeIn(peeked, { facts, known, needs });
      const computed = await this.#compute({
        namespace,
        tasks,
        needs,
        keys,
        facts,
        isLocked: true,
        peek: async (request) => toPeekAnswer(await transaction.call("peek", request)),
      });
      if (computed === undefined) return { now: peeked.now };
      keep(computed);
      const request = this.#toJson({ ...computed.request, locked: true }, namespace);
      const answer = toStepAnswer(await transaction.call("step", request));
      if (answer.conflict === undefined) await transaction.commit();
      return answer;
    });
  }

  async #peek(request: string): Promise<PeekAnswer> {
    const { database, clock } = this.#options;
    const answer = toPeekAnswer(await database.persist(() => database.call("peek", request)));
    clock.learn(answer.now);
    return answer;
  }

  async #send(request: Readonly<Record<string, unknown>>, namespace: number): Promise<StepAnswer> {
    const { database, clock } = this.#options;
    const answer = toStepAnswer(await database.call("step", this.#toJson(request, namespace)));
    clock.learn(answer.now);
    return answer;
  }

  /** Nobody knows what became of a step: asks, and sees to it that it does not happen later if it has not yet. */
  async #ask(namespace: number, after: number, computed: Computed | undefined): Promise<StepAnswer> {
    const { database } = this.#options;
    const { tickets, conversations, base } = computed?.request ?? {};
    return database.persist(() => this.#send({ after, tickets, conversations, base }, namespace));
  }

  #toJson(request: Readonly<Record<string, unknown>>, namespace: number): string {
    this.#step += 1;
    return JSON.stringify({ ...request, namespace, writer: this.#writer, step: this.#step });
  }

  #learnConflict({ conflict = [], now }: StepAnswer): void {
    const { known, clock } = this.#options;
    clock.learn(now);
    for (const [number, row] of conflict) {
      if (row === null) known.forget(ticketKeyOf(number));
      else known.set(toStored(row));
    }
  }

  #settle(tasks: readonly StepTask[], { tables, tx, base }: Computed, answer: StepAnswer): void {
    const { known, onEvents } = this.#options;
    const { writes } = tables;
    const drawn = answer.done?.drawn ?? [];
    const rename: Rename = (value) => {
      if (drawn.length === 0 || value === undefined) return value;
      const text = JSON.stringify(value);
      return JSON.parse(replacePlaceholders(text, base, (place) => drawn[place] ?? 0));
    };
    for (const [key, { after }] of writes.states) {
      if (!writes.created.has(key)) known.set({ state: after, version: (writes.versions.get(key) ?? 0) + 1 });
    }
    const found = new Map(
      (answer.tickets ?? []).map((entry) => [ticketKeyOf(Number(entry[0][0])), toTexts(entry)]),
    );
    const replies = new Map((answer.replies ?? []).map((entry) => [ticketKeyOf(entry[0]), toReplies(entry)]));
    for (const { stored } of found.values()) known.set(stored);
    for (const row of answer.parents ?? []) known.set(toStored(row));
    tables.arrive({ texts: new Map([...found].map(([key, { texts }]) => [key, texts])), replies });

    const at = answer.done?.at ?? tx.now;
    const ids = answer.done?.events ?? [];
    const drafts = tx.batches.flatMap(({ events }) => events);
    const events = drafts.map(({ value }, place): AgentwerkEvent => ({ id: ids[place] ?? 0, at, ...value }));
    const claims: { readonly place: number; readonly claim: Claim }[] = [];
    for (const [place, agent, number, token, until, event, fresh] of answer.done?.claimed ?? []) {
      const entry = found.get(ticketKeyOf(number));
      if (entry === undefined) continue;
      const { state } = entry.stored;
      const type = fresh ? "ticket_started" : "ticket_resumed";
      events.push({
        id: event,
        at,
        type,
        agent,
        ticket: state.key,
        labels: state.labels,
        attempt: state.attempt,
      });
      // Of an answer that came late: somebody else may have it by now.
      if (state.token !== token || state.worker === undefined) continue;
      const lease = { key: state.key, token, worker: state.worker, expiresAt: until };
      const ticket = toTicket(state, entry.texts.body, entry.texts.end);
      claims.push({ place, claim: { ticket, lease, agent, replies: replies.get(state.key) ?? [] } });
    }
    if (events.length > 0) onEvents(rename(events));
    let claimPlace = 0;
    for (const task of tasks) {
      if (task.claim === undefined) {
        task.settle(rename);
        continue;
      }
      const place = claimPlace++;
      const [careful] = (answer.done?.careful ?? []).filter(([of]) => of === place);
      task.takeClaims({
        claims: claims.filter((entry) => entry.place === place).map(({ claim }) => claim),
        rest: careful === undefined ? undefined : { want: careful[1], left: careful[2] },
      });
    }
  }
}

/** So that those who race for the same tickets do not do so in step. */
function pause(tries: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(50, 2 * tries)));
}

function attempt(task: StepTask, tx: Transaction): void {
  try {
    task.attempt(tx);
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
  }
}

function noteEnvelopes(needs: Needs, envelopes: readonly { readonly key: TicketKey }[] = []): void {
  for (const { key } of envelopes) needs.envelopes.add(key);
}

/** Errors of ours and of the language are no errors of the connection, though they have no state either. */
function isOfDatabase(error: unknown): boolean {
  return !(
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof SyntaxError ||
    error instanceof ReferenceError
  );
}

function toPeekAnswer(answer: unknown): PeekAnswer {
  const parsed: ReturnType<typeof JSON.parse> = answer;
  return parsed;
}

function toStepAnswer(answer: unknown): StepAnswer {
  const parsed: ReturnType<typeof JSON.parse> = answer;
  return parsed;
}
