/** The one seam through which time comes in; tests put a fake one here. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `task` once after `delayMs`; the returned function takes it back. A timer does not keep the process alive unless `keepAlive`. */
  setTimer(task: () => void, delayMs: number, options?: { readonly keepAlive?: boolean }): () => void;
}

/** Longer delays than a signed 32-bit integer (about 24.8 days) fire at once in Node, so they are slept in hops. */
const longestDelayMs = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(task, delayMs, options) {
    let left = Math.max(0, delayMs);
    let timer: NodeJS.Timeout;
    const hop = (): void => {
      const next = Math.min(left, longestDelayMs);
      left -= next;
      timer = setTimeout(left > 0 ? hop : task, next);
      if (options?.keepAlive !== true) timer.unref();
    };
    hop();
    return () => clearTimeout(timer);
  },
};

/** Milliseconds since a moment of the same clock; none where the clock was set back meanwhile. */
export function elapsedSince(startedAt: number, clock: Clock): number {
  return Math.max(0, clock.now() - startedAt);
}

/** Resolves after `delayMs`; rejects with the signal's reason when it aborts first. */
export function sleep(
  delayMs: number,
  options: { readonly clock: Clock; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const { clock, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const onAbort = (): void => {
      cancelTimer();
      reject(signal?.reason);
    };
    const cancelTimer = clock.setTimer(
      () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
      delayMs,
      { keepAlive: true },
    );
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
