import { longestRetryDelayMs } from "../policy/policy.ts";

const dayMs = 86_400_000;

/** Whether a vendor asks for a pause that nobody waits for: a ticket in progress would sleep through it. */
export function isTooLongToWait(retryAfterMs: number | undefined): retryAfterMs is number {
  return retryAfterMs !== undefined && retryAfterMs > dayMs;
}

/** A pause of more than a day in words: `3.5 days`. */
export function inDays(ms: number): string {
  return `${Math.ceil((ms / dayMs) * 10) / 10} days`;
}

/**
 * Milliseconds before the next try: exponential with equal jitter (half fixed, half random, so that workers spread out
 * without any of them hammering), capped at 32 s. A pause that the vendor asked for wins, also over the cap.
 */
export function retryDelay(options: {
  /** From 1. */
  readonly retry: number;
  readonly baseMs: number;
  readonly retryAfterMs: number | undefined;
  readonly random: () => number;
}): number {
  const { retry, baseMs, retryAfterMs, random } = options;
  if (retryAfterMs !== undefined) return retryAfterMs;
  const exponential = Math.min(longestRetryDelayMs, baseMs * 2 ** (retry - 1));
  return exponential / 2 + (exponential / 2) * random();
}
