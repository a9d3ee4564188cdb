import { noteInterrupted } from "./call-tools.ts";
import { callIdOf, type PlannedCall, planCall } from "./plan-calls.ts";
import type { Step } from "./step.ts";
import type { TicketSession } from "./ticket-session.ts";

/**
 * Goes on where an earlier worker stopped between a model's answer and the results of its calls. Only the first call
 * without a result can have run (see `callTools`): when it is neither read-only nor idempotent, nor waited for a decision
 * that was not used yet, it is answered as interrupted; every other call runs now, under the id that it had.
 */
export async function resumeCalls(session: TicketSession): Promise<Step> {
  const { openCalls, claim, answers } = session;
  // Behind a call that parked the ticket for its children nothing has begun.
  const isParked = claim.replies.findLast(({ purpose }) => purpose !== "comment")?.purpose === "waiting";
  const planned: PlannedCall[] = [];
  for (const [place, { call, position }] of openCalls.entries()) {
    const plan = await planCall(session, { call, callId: callIdOf(claim.ticket.key, answers, position) });
    const isDecided = claim.ticket.decisions?.some(({ callId }) => callId === plan.callId) === true;
    const mayHaveRun = place === 0 && plan.kind === "run" && !isDecided && !isParked;
    if (mayHaveRun && !(plan.tool.readOnly || plan.tool.idempotent || plan.tool.control))
      noteInterrupted(session, plan);
    else planned.push(plan);
  }
  return { kind: "call", planned };
}
