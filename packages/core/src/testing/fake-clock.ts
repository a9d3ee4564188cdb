import type { Clock } from "../util/clock.ts";

export interface FakeClock extends Clock {
  /** Moves the time on, and calls the timers that come due on the way in the order of their times. */
  advance(ms: number): void;
}

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/** A clock that stands still until told otherwise. Starts at 1,000,000 ms unless told. */
export function fakeClock(startsAt = 1_000_000): FakeClock {
  let time = startsAt;
  const timers = new Set<Timer>();
  const nextUntil = (end: number): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
    }
    return first;
  };
  return {
    now: () => time,
    setTimer(task, delayMs) {
      const timer = { at: time + Math.max(0, delayMs), task };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const end = time + ms;
      for (let timer = nextUntil(end); timer !== undefined; timer = nextUntil(end)) {
        timers.delete(timer);
        time = Math.max(time, timer.at);
        timer.task();
      }
      time = end;
    },
  };
}
