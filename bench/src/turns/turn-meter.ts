import { median } from "../measure/statistics.ts";

/** The turns that are looked at; a few neighbours count with each, so that one collection of garbage does not decide. */
export const watchedTurns: readonly number[] = [10, 100, 200];
const neighbours = 5;
/** Of one ticket, so that the last watched turn has neighbours on both sides. */
export const turnsPerTicket = 210;

export interface TurnCost {
  readonly turn: number;
  readonly cpuMs: number;
  /** Of the conversation as it is sent. */
  readonly bytes: number;
}

/** Takes the process's CPU time at each request of a ticket: the difference to the next is what the turn cost. */
export class TurnMeter {
  readonly #tickets: number[][] = [];
  readonly #bytes = new Map<number, number>();

  beginTicket(): void {
    this.#tickets.push([]);
  }

  /** A request begins. */
  mark(bytes: () => number): void {
    const marks = this.#tickets.at(-1);
    if (marks === undefined) return;
    const { user, system } = process.cpuUsage();
    marks.push((user + system) / 1000);
    if (watchedTurns.includes(marks.length) && !this.#bytes.has(marks.length)) {
      this.#bytes.set(marks.length, bytes());
    }
  }

  /** The first ticket is a warm-up. */
  costs(): readonly TurnCost[] {
    return watchedTurns.map((turn) => ({
      turn,
      cpuMs: median(this.#tickets.slice(1).map((marks) => costAt(marks, turn))),
      bytes: this.#bytes.get(turn) ?? Number.NaN,
    }));
  }
}

function costAt(marks: readonly number[], turn: number): number {
  const first = turn - 1 - neighbours;
  const last = turn - 1 + neighbours;
  return ((marks[last] ?? Number.NaN) - (marks[first] ?? Number.NaN)) / (last - first);
}
