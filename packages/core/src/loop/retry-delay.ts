import { longestRetryDelayMs } from "../policy/policy.ts";

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
