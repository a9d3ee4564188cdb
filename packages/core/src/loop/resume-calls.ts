import type { Tool } from "../tool/tool.ts";
import { noteInterrupted } from "./call-tools.ts";
import { callIdOf, type PlannedCall, planCall } from "./plan-calls.ts";
import type { Step } from "./step.ts";
import type { TicketSession } from "./ticket-session.ts";

/**
 * Goes on where an earlier worker stopped between a model's answer and the results of its calls. Of the calls without
 * a result only the first that is no control tool can have run (see `callTools`): unless it is known to be harmless it is
 * answered as interrupted, also when its tool or schema has changed since. Every other call runs now, under the id
 * that it had. One whose question nobody has answered parks the ticket again: its worker vanished before the park, or
 * what woke the ticket was said before the question.
 */
export async function resumeCalls(session: TicketSession): Promise<Step> {
  const { openCalls, claim, answers, asked } = session;
  const numbered = openCalls.map(({ call, position }) => ({
    call,
    callId: callIdOf(claim.ticket.key, answers, position),
  }));
  const question = numbered
    .map(({ callId }) => asked.get(callId)?.unanswered)
    .find((text) => text !== undefined);
  if (question !== undefined) {
    return { kind: "end", outcome: { status: "waiting", waiting: { for: "reply", question } } };
  }
  const plans: PlannedCall[] = [];
  for (const call of numbered) plans.push(await planCall(session, call));
  const first = plans.find((plan) => toolOf(session, plan)?.control !== true);
  if (first === undefined || !mayHaveRun(session, first)) return { kind: "call", planned: plans };
  noteInterrupted(session, first);
  return { kind: "call", planned: plans.filter((plan) => plan !== first) };
}

function toolOf({ tools }: TicketSession, plan: PlannedCall): Tool | undefined {
  return plan.kind === "run" ? plan.tool : tools.byName.get(plan.tool);
}

function mayHaveRun(session: TicketSession, plan: PlannedCall): boolean {
  const { claim, asked } = session;
  if (asked.get(plan.callId)?.waits === true) return false;
  // It waited for a decision that was not used yet, or stands behind a call that parked the ticket for its children.
  if (claim.ticket.decisions?.some(({ callId }) => callId === plan.callId) === true) return false;
  if (claim.replies.findLast(({ purpose }) => purpose !== "comment")?.purpose === "waiting") return false;
  const tool = toolOf(session, plan);
  return !(tool?.readOnly === true || tool?.idempotent === true);
}
