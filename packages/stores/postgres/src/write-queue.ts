import { storeClosed } from "@agentwerk/core/store-kit";
import type { StepTask } from "./step-task.ts";

/** How long a lazy operation waits for another one to ride with. */
const longestRideMs = 25;
/** Keeps one transaction short enough for others to get their turn. */
const largestGroup = 500;

/**
 * Gathers what is asked for while a step is on its way, and sends it as the next one. A lone operation goes at once;
 * under load the groups grow by themselves.
 *
 * idle → waiting (only lazy tasks; a timer runs) → due (something urgent; sent in the next go of the event loop)
 *      → busy (a step is on its way; what comes meanwhile is gathered) → idle, or due again.
 */
export class WriteQueue {
  readonly #run: (tasks: readonly StepTask[]) => Promise<void>;
  #tasks: StepTask[] = [];
  #isUrgent = false;
  #isBusy = false;
  #isClosed = false;
  #cancel: (() => void) | undefined;
  #settled: (() => void)[] = [];

  constructor(run: (tasks: readonly StepTask[]) => Promise<void>) {
    this.#run = run;
  }

  add(task: StepTask, { lazy = false }: { readonly lazy?: boolean } = {}): void {
    if (this.#isClosed) {
      task.reject(storeClosed());
      return;
    }
    this.#tasks.push(task);
    if (!lazy) this.#hurry();
    else if (!this.#isBusy && this.#cancel === undefined) this.#schedule(longestRideMs);
  }

  /** Resolves when everything that was asked for so far is written or refused. */
  async settle(): Promise<void> {
    if (this.#tasks.length === 0 && !this.#isBusy) return;
    await new Promise<void>((resolve) => {
      this.#settled.push(resolve);
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
    if (!this.#isBusy) this.#schedule(0);
  }

  #schedule(delayMs: number): void {
    this.#cancel?.();
    if (delayMs === 0) {
      const immediate = setImmediate(() => void this.#flush());
      this.#cancel = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(() => void this.#flush(), delayMs);
      this.#cancel = () => clearTimeout(timer);
    }
  }

  async #flush(): Promise<void> {
    this.#cancel = undefined;
    const group = this.#tasks.splice(0, largestGroup);
    const waiting = this.#settled.splice(0);
    this.#isUrgent = this.#tasks.length > 0;
    if (this.#isUrgent) this.#settled.push(...waiting.splice(0));
    this.#isBusy = true;
    if (group.length > 0) await this.#run(group);
    this.#isBusy = false;
    for (const resolve of waiting) resolve();
    if (this.#isUrgent) this.#schedule(0);
    else if (this.#tasks.length > 0) this.#schedule(longestRideMs);
  }
}
