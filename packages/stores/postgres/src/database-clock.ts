/** A guess that is this far off is replaced at once; a smaller difference is the way of the answer. */
const stepMs = 200;
const driftPerAnswerMs = 0.05;

export interface ServerClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** An answer said that it was `moment` at the server, a little ago. */
  learn(moment: number): void;
}

/**
 * The server's clock, as this process guesses it: what the last answers said, carried on by the time since the process
 * began, which no change of this machine's clock can move. The guess lags by the way of an answer. The server refuses
 * steps that were computed with a wrong time, so it only saves a question.
 */
export class DatabaseClock implements ServerClock {
  #offset: number | undefined;

  now(): number {
    return Math.floor(performance.now() + (this.#offset ?? Date.now() - performance.now()));
  }

  learn(moment: number): void {
    const offset = moment - performance.now();
    const known = this.#offset;
    if (known === undefined || Math.abs(offset - known) > stepMs) this.#offset = offset;
    else this.#offset = Math.max(offset, known - driftPerAnswerMs);
  }
}

/** Clocks that agree within a second are left alone. */
const tolerableMs = 1_000;

/** A moment of the server as one of this machine, whose clock may be off. */
export function toLocal(moment: number, clocks: { readonly server: number; readonly local: number }): number {
  const difference = clocks.local - clocks.server;
  return Math.abs(difference) < tolerableMs ? moment : moment + difference;
}
