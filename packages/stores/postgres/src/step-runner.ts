import { randomUUID } from "node:crypto";
import { AgentwerkError, type TicketKey, ticketKeyOf } from "@agentwerk/core";
import { type Encode, TallyBook, Transaction } from "@agentwerk/core/store-kit";
import { type PeekAnswer, peekRequest, type StepAnswer, takeIn } from "./answers.ts";
import type { Database, Transact } from "./database.ts";
import type { ServerClock } from "./database-clock.ts";
import { Facts, type KnownTickets, Missing, Needs } from "./known-tickets.ts";
import { isPassing, isReadOnly, toStoreError, toUnanswered, troubleOf } from "./postgres-errors.ts";
import { PostgresTables } from "./postgres-tables.ts";
import type { QueueHeads } from "./queue-heads.ts";
import { type Computed, type OnEvents, settleStep } from "./settle-step.ts";
import { newBase, stepParts } from "./step-request.ts";
import type { StepTask } from "./step-task.ts";
import { toStored } from "./ticket-row.ts";
import type { Rider } from "./watch-remote.ts";

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
  readonly heads: QueueHeads;
  /** What a step that writes tells others as it commits, if anything. */
  readonly rider: (namespace: number) => Rider | undefined;
  /** After the commit. */
  readonly onEvents: OnEvents;
}

/** What a group of operations needs for being computed, again and again if it has to be. */
interface Plan {
  readonly namespace: number;
  readonly tasks: readonly StepTask[];
  readonly needs: Needs;
  /** Idempotency keys that turned out to be taken. */
  readonly keys: Map<string, TicketKey>;
  /** See `StepParts.asksFirst`: it turned out that something has changed. */
  asksFirst: boolean;
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
    const needs = new Needs();
    this.#noteHints(tasks, needs);
    const namespace = await this.#options.namespace();
    const plan: Plan = { namespace, tasks, needs, keys: new Map(), asksFirst: false };
    let isLocked = false;
    for (let tries = 0; tries < mostTries; tries++) {
      if (tries > hopefulTries) await pause(tries);
      const { computed, answer } = await this.#try(plan, isLocked || needs.budget);
      if (answer?.conflict !== undefined) {
        this.#learnConflict(answer, plan);
        isLocked ||= tries + 1 >= hopefulTries;
      } else if (computed !== undefined && answer !== undefined && isThrough(computed, answer)) {
        settleStep({ ...this.#options, tasks, computed, answer });
        return;
      }
    }
    throw new AgentwerkError({
      code: "store_busy",
      message: `${database.where}: others changed the same tickets ${mostTries} times in between. Nothing was written; try again.`,
    });
  }

  /** Computes and sends a step once. Without an answer it came to nothing, and may be tried again. */
  async #try(
    plan: Plan,
    isLocked: boolean,
  ): Promise<{ computed?: Computed | undefined; answer?: StepAnswer }> {
    const first = this.#step + 1;
    let computed: Computed | undefined;
    const keep = (made: Computed): void => {
      computed = made;
    };
    try {
      if (isLocked) return { answer: await this.#runLocked(plan, keep), computed };
      computed = await this.#compute(plan, { peek: (request) => this.#peek(request) });
      // It turned out that a budget has to be looked at, which takes its lock.
      if (computed === undefined) return {};
      return { computed, answer: await this.#sendHopefully(computed, plan.namespace) };
    } catch (error) {
      if (AgentwerkError.isInstance(error)) throw error;
      const trouble = troubleOf(error);
      if (trouble === "outdated") plan.asksFirst = true;
      if (trouble === "raced" || trouble === "outdated") return {};
      if (trouble !== "connection_lost") throw error;
      const answer = await this.#ask(plan.namespace, first, computed).catch((reason: unknown) => {
        throw isReadOnly(error) ? reason : toUnanswered(reason, this.#options.database.where);
      });
      return { answer, computed };
    }
  }

  async #sendHopefully(computed: Computed, namespace: number): Promise<StepAnswer> {
    const { writes, claims, reads } = computed.request;
    const isEmpty = [writes, claims, reads].every((part) => part === undefined);
    return isEmpty ? { now: computed.tx.now } : this.#send(computed.request, namespace);
  }

  #noteHints(tasks: readonly StepTask[], needs: Needs): void {
    for (const { hint } of tasks) {
      for (const key of hint) if (this.#options.known.get(key) === undefined) needs.tickets.add(key);
    }
  }

  /** Asks the rules, and reads what they miss, until they have everything. */
  async #compute(
    { namespace, tasks, needs, keys, asksFirst }: Plan,
    options: {
      readonly peek: (request: string) => Promise<PeekAnswer>;
      readonly facts?: Facts;
      readonly isLocked?: boolean;
    },
  ): Promise<Computed | undefined> {
    const { peek, facts = new Facts(), isLocked = false } = options;
    const { clock, known } = this.#options;
    const base = newBase();
    for (const [key, ticket] of keys) facts.keys.set(key, ticket);
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
        heads: this.#options.heads,
        base,
        asksFirst,
      });
      const notify = parts.events === undefined ? undefined : this.#options.rider(namespace);
      return { tables, tx, base, request: { ...parts, now: tx.now, base, notify } };
    }
    throw new TypeError(
      `The rules asked for ever more: ${JSON.stringify(peekRequest(namespace, round, []))}`,
    );
  }

  /** Locks what the step reads before it is computed. `keep` is told of it before anything is sent. */
  async #runLocked(plan: Plan, keep: (computed: Computed) => void): Promise<StepAnswer> {
    const { namespace, tasks, needs } = plan;
    const { database, known, clock } = this.#options;
    for (const { hint } of tasks) for (const key of hint) needs.tickets.add(key);
    if (needs.budget) for (const key of needs.tickets) noteEnvelopes(needs, known.get(key)?.state.envelopes);
    return database.transact(async (transaction: Transact) => {
      const facts = new Facts();
      const peeked = toPeekAnswer(await transaction.begin(peekRequest(namespace, needs, [])));
      clock.learn(peeked.now);
      takeIn(peeked, { facts, known, needs });
      const computed = await this.#compute(plan, {
        facts,
        isLocked: true,
        peek: async (request) => toPeekAnswer(await transaction.peek(request)),
      });
      if (computed === undefined) return { now: peeked.now };
      keep(computed);
      const request = this.#toJson({ ...computed.request, locked: true }, namespace);
      // A conflict wrote nothing.
      return toStepAnswer(await transaction.end(request));
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
    // Who asks may have to wait for the step itself, and until its fate is known nobody may repeat it.
    return database.persist(() => this.#send({ after, tickets, conversations, base }, namespace), isPassing);
  }

  #toJson(request: Readonly<Record<string, unknown>>, namespace: number): string {
    this.#step += 1;
    return JSON.stringify({ ...request, namespace, writer: this.#writer, step: this.#step });
  }

  #learnConflict({ conflict = [], keys = [], now }: StepAnswer, plan: Plan): void {
    const { known, clock } = this.#options;
    clock.learn(now);
    for (const [number, row] of conflict) {
      if (row === null) known.forget(ticketKeyOf(number));
      else known.set(toStored(row));
    }
    for (const [key, number] of keys) plan.keys.set(key, ticketKeyOf(number));
  }
}

/** Whether a step is done with: applied, or with nothing to apply. */
function isThrough({ request }: Computed, { done }: StepAnswer): boolean {
  return (done ?? undefined) !== undefined || (request.writes === undefined && request.claims === undefined);
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

function toPeekAnswer(answer: unknown): PeekAnswer {
  const parsed: ReturnType<typeof JSON.parse> = answer;
  return parsed;
}

function toStepAnswer(answer: unknown): StepAnswer {
  const parsed: ReturnType<typeof JSON.parse> = answer;
  return parsed;
}
