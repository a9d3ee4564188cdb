import type { Clock } from "./clock.ts";

/** Does a task when it is asked for: at once, or, when the last time is less than a pause ago, at the end of that. */
export class Throttle {
  readonly #clock: Clock;
  readonly #pauseMs: number;
  readonly #task: () => void;
  #doneAt = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(options: { readonly clock: Clock; readonly pauseMs: number; readonly task: () => void }) {
    this.#clock = options.clock;
    this.#pauseMs = options.pauseMs;
    this.#task = options.task;
  }

  ask(): void {
    if (this.#cancelTimer !== undefined) return;
    // No longer than the pause, also when the wall clock was set back.
    const waitMs = Math.min(this.#pauseMs, this.#doneAt + this.#pauseMs - this.#clock.now());
    if (waitMs > 0) this.#cancelTimer = this.#clock.setTimer(() => this.#do(), waitMs);
    else this.#do();
  }

  stop(): void {
    this.#cancelTimer?.();
  }

  #do(): void {
    this.#cancelTimer = undefined;
    this.#doneAt = this.#clock.now();
    this.#task();
  }
}
