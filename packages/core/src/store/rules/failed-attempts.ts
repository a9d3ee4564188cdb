import type { Usage } from "../../provider/usage.ts";
import { addUsage, noUsage } from "../../provider/usage.ts";
import type { FailedAttempt } from "../../ticket/failed-attempt.ts";
import type { Work } from "../../ticket/ticket.ts";
import type { TicketFailure } from "../../ticket/ticket-failure.ts";
import type { TicketState } from "./ticket-state.ts";

/** The state with one more failed attempt, for a ticket that is about to fail. */
export function withFailedAttempt(
  state: TicketState,
  end: { readonly failure: TicketFailure; readonly model: string | undefined; readonly now: number },
): TicketState {
  const { failures = [], attempt, agent, work } = state;
  const startedAt = failures.length === 0 ? state.startedAt : state.attemptStartedAt;
  const failed: FailedAttempt = {
    attempt,
    ...(agent !== undefined && startedAt !== undefined && { agent }),
    ...(end.model !== undefined && { model: end.model }),
    failure: end.failure,
    work: workSince(work, failures),
    ...(startedAt !== undefined && { startedAt }),
    endedAt: end.now,
  };
  return { ...state, failures: [...failures, failed], attemptStartedAt: undefined };
}

/** What was done since the last of these attempts failed. */
function workSince(work: Work, failures: readonly FailedAttempt[]): Work {
  const earlier = (of: (work: Work) => number): number =>
    failures.reduce((sum, failed) => sum + of(failed.work), 0);
  const since = (of: (work: Work) => number): number => of(work) - earlier(of);
  const used = failures.reduce((sum, failed) => addUsage(sum, failed.work.usage), noUsage);
  return {
    steps: since(({ steps }) => steps),
    turns: since(({ turns }) => turns),
    requests: since(({ requests }) => requests),
    toolCalls: since(({ toolCalls }) => toolCalls),
    errors: since(({ errors }) => errors),
    workMs: since(({ workMs }) => workMs),
    usage: difference(work.usage, used),
    cost: since(({ cost }) => cost),
  };
}

function difference(left: Usage, right: Usage): Usage {
  return {
    inputTokens: left.inputTokens - right.inputTokens,
    outputTokens: left.outputTokens - right.outputTokens,
    cacheReadTokens: left.cacheReadTokens - right.cacheReadTokens,
    cacheWriteTokens: left.cacheWriteTokens - right.cacheWriteTokens,
    reasoningTokens: left.reasoningTokens - right.reasoningTokens,
  };
}
