import type { Clock } from "./clock.ts";

/** Does a task at the earliest of the moments that it was asked for; what was asked for later counts as done then. */
export class Alarm {
  readonly #clock: Clock;
  readonly #task: () => void;
  #at = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(options: { readonly clock: Clock; readonly task: () => void }) {
    this.#clock = options.clock;
    this.#task = options.task;
  }

  ask(delayMs: number): void {
    const at = this.#clock.now() + delayMs;
    if (this.#at <= at) return;
    this.#cancelTimer?.();
    this.#at = at;
    this.#cancelTimer = this.#clock.setTimer(() => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#task();
    }, delayMs);
  }

  stop(): void {
    this.#cancelTimer?.();
  }
}
