import type { Directives } from "../agent/agent-definition.ts";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Message, ToolResultBlock } from "../provider/content.ts";
import { checkDrafts } from "../store/rules/check-draft.ts";
import type { ReplyDraft } from "../ticket/reply.ts";
import type { PendingCall } from "../ticket/ticket.ts";
import {
  type FinishTicket,
  type GiveUpTicket,
  type ParkTicket,
  parkTicket,
  retryResult,
} from "../tool/tool-result.ts";
import type { JsonValue } from "../util/json.ts";
import { isJsonObject } from "../util/json.ts";
import { renderTemplate } from "../util/render-template.ts";
import { toAnswered, toQuestion } from "./asked-calls.ts";
import { type GatedCalls, gateCalls } from "./gate-calls.ts";
import type { PlannedAnswer, PlannedCall, PlannedRun } from "./plan-calls.ts";
import { type FinishedCall, refusedCall, runCall } from "./run-call.ts";
import type { TicketSession } from "./ticket-session.ts";
import type { StepPart, TicketEventDraft } from "./ticket-writer.ts";

/** What the calls of a turn made of the ticket. */
export type CallsOutcome =
  | { readonly kind: "go_on" }
  /** The finishing call was refused; the conversation says why. */
  | { readonly kind: "retry"; readonly message: string }
  | {
      readonly kind: "decided";
      readonly decision: FinishTicket | GiveUpTicket | ParkTicket;
      /** What may not be on record without the decision. */
      readonly parts: readonly StepPart[];
    };

/** Calls that run at the same time, or one that runs alone. */
type Group =
  | { readonly kind: "reads"; readonly calls: PlannedRun[] }
  | { readonly kind: "write"; readonly call: PlannedRun };

/**
 * Runs the calls of one answer, which the caller has noted. Neighbouring read-only calls run concurrently, any other
 * runs alone and in its place, control tools come last. Before a call that may have an effect, everything up to it is
 * on record: a worker that takes over knows that the first call without a result is the only one that may have run.
 */
export async function callTools(
  session: TicketSession,
  planned: readonly PlannedCall[],
): Promise<CallsOutcome> {
  const gated = await gateCalls(session, planned);
  const refused = gated.planned.filter((call) => call.kind === "answer");
  if (refused.length > 0) {
    const isRetry = refused.some(({ retry }) => retry);
    noteResults(session, refused.map(toRefusal), isRetry ? "directive" : "tool_results");
    session.writer.note(usedDecisions(gated, refused));
  }
  const runs = gated.planned.filter((call) => call.kind === "run");
  for (const [index, group] of toGroups(runs.filter(({ tool }) => !tool.control)).entries()) {
    const started = group.kind === "write" ? [group.call] : group.calls;
    session.writer.note({
      events: started.flatMap(startedEvents),
      replies: toAnsweredReplies(session, started),
    });
    session.writer.note(usedDecisions(gated, started));
    // An answer is paid for: it is on record before anything is done about it.
    if (index === 0 || group.kind === "write") await session.writer.commit();
    session.signal.throwIfAborted();
    const parked = await (group.kind === "write"
      ? runWrite(session, group.call)
      : runReads(session, group.calls));
    // The calls behind it stay open, and run when the ticket is resumed.
    if (parked !== undefined) return parked;
  }
  if (gated.pending.length > 0) return askForApproval(gated.pending);
  const control = runs.filter(({ tool }) => tool.control);
  const used = usedDecisions(gated, control);
  const outcome = await runControls(session, control);
  if (outcome.kind === "decided") return { ...outcome, parts: [used, ...outcome.parts] };
  session.writer.note(used);
  if (outcome.kind !== "go_on") return outcome;
  const retried = refused.find(({ retry }) => retry);
  return retried === undefined ? outcome : { kind: "retry", message: retried.message };
}

/** A decision is used up before its call runs. One on a call behind a question stays with the ticket. */
function usedDecisions({ decided }: GatedCalls, calls: readonly PlannedCall[]): StepPart {
  return { decisionsUsed: calls.map(({ callId }) => callId).filter((callId) => decided.has(callId)) };
}

/** Parks the ticket on the calls themselves: they stay open until a person has decided. */
function askForApproval(calls: readonly PendingCall[]): CallsOutcome {
  const decision = parkTicket({ waiting: { for: "approval", calls }, message: "" });
  const events = calls.map((call) => ({ type: "approval_requested" as const, ...call }));
  return { kind: "decided", decision, parts: [{ events }] };
}

function toGroups(runs: readonly PlannedRun[]): readonly Group[] {
  const groups: Group[] = [];
  for (const call of runs) {
    const last = groups.at(-1);
    if (!call.tool.readOnly) groups.push({ kind: "write", call });
    else if (last?.kind === "reads") last.calls.push(call);
    else groups.push({ kind: "reads", calls: [call] });
  }
  return groups;
}

/** Answers with the park that the tool asked for, if it did. */
async function runWrite(session: TicketSession, call: PlannedRun): Promise<CallsOutcome | undefined> {
  let finished: FinishedCall;
  try {
    finished = await runCall(session, call);
  } catch (error) {
    noteResults(session, [toInterrupted(session, call)]);
    throw error;
  }
  if (finished.asks !== undefined) return askPerson(session, call, finished.asks);
  if (finished.control?.kind === "park") {
    const { control } = finished;
    const purpose = control.waiting.for === "children" ? "waiting" : "tool_results";
    return { kind: "decided", decision: control, parts: [takeResults(session, [finished], purpose)] };
  }
  noteResults(session, [finished]);
  session.writer.commitSoon();
  return undefined;
}

/** Results of those that have one are kept also when another asks a person; of several that ask, the first does. */
async function runReads(
  session: TicketSession,
  calls: readonly PlannedRun[],
): Promise<CallsOutcome | undefined> {
  const settled = await Promise.allSettled(calls.map((call) => runCall(session, call)));
  const ended = settled.map((result) => (result.status === "fulfilled" ? result.value : undefined));
  const finished = ended.filter((result) => result !== undefined).filter(({ asks }) => asks === undefined);
  if (finished.length > 0) noteResults(session, finished);
  const broken = settled.find((result) => result.status === "rejected");
  if (broken !== undefined) throw broken.reason;
  const asking = ended.findIndex((result) => result?.asks !== undefined);
  const [call, question] = [calls[asking], ended[asking]?.asks];
  return call === undefined || question === undefined ? undefined : askPerson(session, call, question);
}

/** Parks the ticket on a question of a call that stays open. */
function askPerson({ writer }: TicketSession, call: PlannedRun, question: string): CallsOutcome {
  // Also without the park it tells what the call did last: a worker that takes over puts the question again.
  writer.note({ replies: [toQuestion(call, question)] });
  const decision = parkTicket({ waiting: { for: "reply", question }, message: "" });
  return { kind: "decided", decision, parts: [] };
}

/** Says of calls that asked a person before that they are about to run again. */
function toAnsweredReplies({ asked }: TicketSession, calls: readonly PlannedRun[]): readonly ReplyDraft[] {
  if (asked.size === 0) return [];
  return calls.flatMap((call) => {
    const before = asked.get(call.callId);
    return before === undefined ? [] : [toAnswered(call, before)];
  });
}

async function runControls(session: TicketSession, calls: readonly PlannedRun[]): Promise<CallsOutcome> {
  let outcome: Exclude<CallsOutcome, { kind: "decided" }> = { kind: "go_on" };
  let decision: FinishTicket | GiveUpTicket | ParkTicket | undefined;
  const finished: FinishedCall[] = [];
  for (const call of calls) {
    if (decision !== undefined) {
      finished.push({
        block: refusedCall(call.call.id, session.directives.callSkipped),
        events: [],
        failed: true,
      });
      continue;
    }
    session.writer.note({ events: startedEvents(call) });
    const result = await admit(session, await runCall(session, call));
    finished.push(result);
    const { control } = result;
    if (control === undefined) continue;
    if (control.kind === "retry") outcome = { kind: "retry", message: control.message };
    else decision = control;
  }
  // Without the decision the calls have no results: a worker that takes over makes them again, and asks no model.
  if (decision !== undefined) return { kind: "decided", decision, parts: [takeResults(session, finished)] };
  if (finished.length > 0)
    noteResults(session, finished, outcome.kind === "retry" ? "directive" : "tool_results");
  return outcome;
}

/** Follow-ups come in by the front door, and have to be such as a store takes: refused ones send the finishing call back to the model. */
async function admit(session: TicketSession, finished: FinishedCall): Promise<FinishedCall> {
  const { control, block } = finished;
  if (control?.kind !== "finish" || control.children === undefined || control.children.length === 0)
    return finished;
  try {
    checkDrafts(control.children, "tickets");
    const children = await session.host.admit(control.children);
    return { ...finished, control: { ...control, children } };
  } catch (error) {
    if (!AgentwerkError.isInstance(error)) throw error;
    const message = renderTemplate(session.directives.resultInvalid, {
      issues: `- follow-up: ${error.message}`,
    });
    return { ...finished, block: refusedCall(block.callId, message), control: retryResult(message) };
  }
}

type ResultsPurpose = "tool_results" | "directive" | "waiting";

function noteResults(
  session: TicketSession,
  finished: readonly FinishedCall[],
  purpose?: ResultsPurpose,
): void {
  session.writer.note(takeResults(session, finished, purpose));
}

/** Puts results into the conversation, and answers with what is to be written of them. */
function takeResults(
  session: TicketSession,
  finished: readonly FinishedCall[],
  purpose: ResultsPurpose = "tool_results",
): StepPart {
  const content: ToolResultBlock[] = finished.map(({ block }) => block);
  const message: Message = { role: "tool", content };
  session.messages.push(message);
  return {
    replies: [{ message, purpose }],
    work: { toolCalls: finished.length, errors: finished.filter(({ failed }) => failed).length },
    events: finished.flatMap(({ events }) => events),
  };
}

function toRefusal({ call, callId, tool, message }: PlannedAnswer): FinishedCall {
  return {
    block: refusedCall(call.id, message),
    events: [{ type: "tool_call_failed", tool, callId, durationMs: 0, message }],
    failed: true,
  };
}

/** The answer to a call that was cut short and may have had its effect. */
function toInterrupted(session: TicketSession, planned: PlannedCall): FinishedCall {
  const { call, callId } = planned;
  const tool = planned.kind === "run" ? planned.tool.name : planned.tool;
  const message = interruptionOf(tool, session.directives);
  return {
    block: refusedCall(call.id, message),
    events: [{ type: "tool_call_failed", tool, callId, durationMs: 0, message }],
    failed: true,
  };
}

/** What the model is told of a call that was cut short. */
export function interruptionOf(tool: string, directives: Directives): string {
  return renderTemplate(directives.callInterrupted, { tool });
}

/** Notes the answer to a call that an earlier worker may have run. */
export function noteInterrupted(session: TicketSession, call: PlannedCall): void {
  noteResults(session, [toInterrupted(session, call)]);
}

function startedEvents({ tool, callId, call, repairs }: PlannedRun): readonly TicketEventDraft[] {
  const started: TicketEventDraft = {
    type: "tool_call_started",
    tool: tool.name,
    callId,
    input: shortened(call.input),
  };
  return repairs.length === 0
    ? [started]
    : [{ type: "response_repaired", tool: tool.name, callId, repairs }, started];
}

/** Characters of one argument that an event shows; the conversation has it whole. */
const longestShown = 500;

function shortened(input: JsonValue): JsonValue {
  if (!isJsonObject(input)) return input;
  const entries = Object.entries(input);
  if (
    !entries.some(
      ([, value]) => typeof value === "object" || (typeof value === "string" && value.length > longestShown),
    )
  ) {
    return input;
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, shortenedValue(value)]));
}

function shortenedValue(value: JsonValue): JsonValue {
  const text = typeof value === "object" ? JSON.stringify(value) : value;
  if (typeof text !== "string" || text.length <= longestShown) return value;
  return `${text.slice(0, longestShown).toWellFormed()}… (${text.length} characters)`;
}
