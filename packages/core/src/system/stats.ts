import type { Tally } from "../store/totals.ts";

/** A snapshot of what was done; durations in milliseconds, cost in US dollars. */
export interface Stats {
  /** Time with a run going on in this process; 0 for a label. */
  readonly runMs: number;
  /** Time that workers spent on tickets, of all processes. */
  readonly workMs: number;
  readonly meanWorkMs: number;
  readonly created: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Done of done and failed, from 0 to 1; 1 when none has ended. */
  readonly successRate: number;
  /** From filing to the end, summed over tickets that ended. */
  readonly ticketMs: number;
  readonly meanTicketMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly reasoningTokens: number;
  readonly cost: number;
  readonly steps: number;
  readonly turns: number;
  readonly requests: number;
  readonly toolCalls: number;
  readonly errors: number;
}

export function toStats(tally: Tally, runMs: number): Stats {
  const { created, done, failed, cancelled, ticketMs, work } = tally;
  const ended = done + failed + cancelled;
  return {
    runMs,
    workMs: work.workMs,
    meanWorkMs: ended === 0 ? 0 : work.workMs / ended,
    created,
    done,
    failed,
    cancelled,
    successRate: done + failed === 0 ? 1 : done / (done + failed),
    ticketMs,
    meanTicketMs: ended === 0 ? 0 : ticketMs / ended,
    inputTokens: work.usage.inputTokens,
    outputTokens: work.usage.outputTokens,
    cachedTokens: work.usage.cacheReadTokens,
    reasoningTokens: work.usage.reasoningTokens,
    cost: work.cost,
    steps: work.steps,
    turns: work.turns,
    requests: work.requests,
    toolCalls: work.toolCalls,
    errors: work.errors,
  };
}
