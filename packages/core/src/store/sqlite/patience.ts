/** What the time between two tries counts for at most, in milliseconds. */
const longestGapMs = 100;

/**
 * How long something was tried in vain. A process that was held up, by a long computation or because its machine slept,
 * tried nothing meanwhile: that time says nothing about what it tries for.
 */
export class Patience {
  readonly #limitMs: number;
  #waitedMs = 0;
  #triedAt: number = performance.now();

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Asked after each try that failed. */
  isOver(): boolean {
    const now = performance.now();
    this.#waitedMs += Math.min(now - this.#triedAt, longestGapMs);
    this.#triedAt = now;
    return this.#waitedMs >= this.#limitMs;
  }
}
