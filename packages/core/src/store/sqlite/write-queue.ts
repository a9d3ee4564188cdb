import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { Run } from "../engine/write-operations.ts";
import { storeClosed } from "../rules/store-errors.ts";
import { Patience } from "./patience.ts";
import { isBusy, isSqliteError, toStoreError } from "./sqlite-errors.ts";

/** How long a lazy write may wait for another one to ride with. */
const longestRideMs = 25;
/** At most so many operations share a transaction, so that other processes get their turn. */
const largestGroup = 256;
/** Tries in a row, each on its own turn of the event loop, before the pauses begin: most transactions take less. */
const quickTries = 50;
const longestPauseMs = 4;

interface Task {
  /** Does the operation and answers how to resolve its promise after the commit. */
  readonly work: (tx: Transaction) => () => void;
  readonly reject: (error: unknown) => void;
  readonly patience: Patience;
  readonly fleeting: boolean;
  resolve?: () => void;
  refusal?: unknown;
}

/** One transaction as the queue sees it. */
export interface GroupTransaction {
  readonly tx: Transaction;
  /** Makes everything durable and answers what has to happen before the operations resolve. */
  commit(): () => void;
}

export interface WriteQueueOptions {
  readonly path: string;
  readonly busyTimeoutMs: number;
  /** Takes the write lock, or throws SQLite's busy error at once. `fleeting`: need not outlive a power failure. */
  begin(options: { readonly fleeting: boolean }): GroupTransaction;
  rollback(): void;
}

/**
 * Group commit: operations wait in order and all that became ready in one turn of the event loop share one transaction.
 *
 * idle → (an operation arrives) → scheduled, for the end of this turn; or, if all that wait are lazy, within 25 ms
 * scheduled → (the lock is free) → idle; every operation is resolved, or rejected alone if a rule refused it
 * scheduled → (another process holds the lock) → retrying: on the next turns at first, then after pauses of 1 to 4 ms
 * retrying → (the time limit of an operation is over) → that one is rejected with `store_busy`
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions;
  #tasks: Task[] = [];
  #cancelFlush: (() => void) | undefined;
  #isUrgent = false;
  #tries = 0;
  #isClosed = false;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#tasks.length === 0;
  }

  readonly run: Run = (work, { lazy = false, fleeting = false } = {}) => {
    if (this.#isClosed) return Promise.reject(storeClosed());
    return new Promise((resolve, reject) => {
      this.#tasks.push({
        work: (tx) => {
          const later = work(tx);
          return () => resolve(later());
        },
        reject,
        fleeting,
        patience: new Patience(this.#options.busyTimeoutMs),
      });
      if (!lazy) this.#hurry();
      else if (this.#cancelFlush === undefined) this.#schedule(() => this.#flush(), longestRideMs);
    });
  };

  /** Resolves when everything that was asked for so far is written or refused. */
  async settle(): Promise<void> {
    if (this.isEmpty) return;
    await new Promise<void>((resolve) => {
      const done = (): void => resolve();
      this.#tasks.push({
        work: () => done,
        reject: done,
        fleeting: true,
        patience: new Patience(this.#options.busyTimeoutMs),
      });
      this.#hurry();
    });
  }

  /** Takes no more operations, and resolves when the last one is through. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.settle();
  }

  #hurry(): void {
    if (this.#isUrgent) return;
    this.#isUrgent = true;
    this.#schedule(() => this.#flush(), 0);
  }

  #schedule(action: () => void, delayMs: number): void {
    this.#cancelFlush?.();
    if (delayMs === 0) {
      const immediate = setImmediate(action);
      this.#cancelFlush = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(action, delayMs);
      this.#cancelFlush = () => clearTimeout(timer);
    }
  }

  #flush(): void {
    this.#cancelFlush = undefined;
    const group = this.#tasks.slice(0, largestGroup);
    let transaction: GroupTransaction;
    try {
      transaction = this.#options.begin({ fleeting: group.every((task) => task.fleeting) });
    } catch (error) {
      if (isBusy(error)) this.#retry(error);
      else this.#giveUp(error);
      return;
    }
    this.#tries = 0;
    this.#tasks = this.#tasks.slice(group.length);
    this.#isUrgent = this.#tasks.length > 0;
    if (this.#isUrgent) this.#schedule(() => this.#flush(), 0);
    this.#apply(group, transaction);
  }

  #apply(group: readonly Task[], transaction: GroupTransaction): void {
    let afterwards: () => void;
    try {
      for (const task of group) attempt(task, transaction.tx);
      afterwards = transaction.commit();
    } catch (error) {
      this.#options.rollback();
      if (isSqliteError(error) || group.length === 1) this.#rejectAll(group, error);
      else this.#applyApart(group);
      return;
    }
    afterwards();
    for (const task of group) answer(task);
  }

  /** An operation failed in a way that nobody foresaw: each gets its own transaction, so that only that one is lost. */
  #applyApart(group: readonly Task[]): void {
    for (const task of group) {
      try {
        this.#apply([task], this.#options.begin({ fleeting: task.fleeting }));
      } catch (error) {
        this.#rejectAll([task], error);
      }
    }
  }

  #retry(error: unknown): void {
    const late = new Set(this.#tasks.filter(({ patience }) => patience.isOver()));
    this.#tasks = this.#tasks.filter((task) => !late.has(task));
    this.#rejectAll([...late], error);
    this.#isUrgent = this.#tasks.length > 0;
    if (!this.#isUrgent) return;
    this.#tries += 1;
    const pauseMs = this.#tries <= quickTries ? 0 : 1 + Math.random() * (longestPauseMs - 1);
    this.#schedule(() => this.#flush(), pauseMs);
  }

  #giveUp(error: unknown): void {
    const tasks = this.#tasks;
    this.#tasks = [];
    this.#isUrgent = false;
    this.#rejectAll(tasks, error);
  }

  #rejectAll(tasks: readonly Task[], error: unknown): void {
    if (tasks.length === 0) return;
    const reason = toStoreError(error, this.#options.path);
    for (const task of tasks) task.reject(reason);
  }
}

/** A refusal by a rule concerns this operation alone and left nothing behind. */
function attempt(task: Task, tx: Transaction): void {
  try {
    task.resolve = task.work(tx);
  } catch (error) {
    if (!AgentwerkError.isInstance(error)) throw error;
    task.refusal = error;
  }
}

function answer(task: Task): void {
  if (task.resolve === undefined) {
    task.reject(task.refusal);
    return;
  }
  try {
    task.resolve();
  } catch (error) {
    task.reject(error);
  }
}
