import type { Message, ToolCallBlock } from "../provider/content.ts";
import type { ModelResponse } from "../provider/provider.ts";
import { compileJsonSchema } from "../schema/compile-json-schema.ts";
import { formatIssues } from "../schema/schema.ts";
import { assertNever } from "../util/assert-never.ts";
import { type JsonValue, parseJson } from "../util/json.ts";
import { renderTemplate } from "../util/render-template.ts";
import { compact, nextRequestTokens } from "./compact.ts";
import { type Decision, decide } from "./decide.ts";
import { callIdOf, planCall } from "./plan-calls.ts";
import { type RequestOutcome, requestModel } from "./request-model.ts";
import { refusedCall } from "./run-call.ts";
import { correct, fail, type Step } from "./step.ts";
import { hear, type TicketSession } from "./ticket-session.ts";
import type { StepPart } from "./ticket-writer.ts";

/** One model request and what its answer means for the ticket. */
export async function takeTurn(session: TicketSession): Promise<Step> {
  const { host, limits, writer } = session;
  await writer.commitAnswer();
  hear(session, writer.takeArrived());
  if (session.turns >= limits.maxTurns) {
    return fail({
      reason: "turns_exhausted",
      message: `Not finished within ${limits.maxTurns} turns; raise policy.maxTurns or split the task.`,
    });
  }
  if (!host.mayRequest()) return { kind: "give_back" };
  writer.note({ events: [{ type: "turn_started", turn: session.answers + 1 }] });
  const outcome = await askModel(session);
  if (outcome.kind === "failed") return fail(outcome.failure);
  if (outcome.kind === "stopped") return { kind: "give_back" };
  session.turns++;
  const { response } = outcome;
  const answer = takeAnswer(session, response);
  measure(session, response);
  const { tools, agent } = session;
  return follow(session, {
    decision: decide(response, { finishes: tools.finishes, interactive: agent.interactive }),
    answer,
  });
}

/** Makes room before the request when it is near the window, and after one that turned out not to fit. */
async function askModel(session: TicketSession): Promise<RequestOutcome> {
  const { limits, agent } = session;
  const room = agent.model.contextWindow * limits.compactionThreshold;
  const compacted = nextRequestTokens(session) > room && (await compact(session));
  const outcome = await requestModel(session);
  const overflown = outcome.kind === "failed" && outcome.failure.reason === "context_window_exceeded";
  if (!overflown || compacted || !(await compact(session))) return outcome;
  return requestModel(session);
}

function measure(session: TicketSession, { usage }: ModelResponse): void {
  const counted = usage.inputTokens + usage.outputTokens;
  const tokens = counted > 0 ? counted : nextRequestTokens(session);
  session.measured = { tokens, messages: session.messages.length };
}

/** Puts the answer into the conversation, and answers with what is to be written of it. */
function takeAnswer(session: TicketSession, { content }: ModelResponse): StepPart {
  if (content.length === 0) return {};
  session.answers++;
  const message: Message = { role: "assistant", content };
  session.messages.push(message);
  const { agent, comments } = session;
  return { replies: [{ message, purpose: "answer", author: agent.name, heard: comments }] };
}

/**
 * What comes of an answer. One that calls tools goes on record before they run; any other together with what came of it:
 * alone at the end of a conversation, it would leave a worker that takes over with nothing to ask the model.
 */
async function follow(
  session: TicketSession,
  { decision, answer }: { readonly decision: Decision; readonly answer: StepPart },
): Promise<Step> {
  const { directives, writer } = session;
  switch (decision.kind) {
    case "call": {
      writer.note(answer);
      const { key } = session.claim.ticket;
      const numbered = decision.calls.map((call, position) => ({
        call,
        callId: callIdOf(key, session.answers, position),
      }));
      const planned = await Promise.all(numbered.map((call) => planCall(session, call)));
      return { kind: "call", planned };
    }
    case "correct": {
      writer.note(answer);
      writer.note(refuseCalls(session, decision.refused, directives.callTruncated));
      const directive = directives[decision.directive];
      return correct(session, { message: directive, directive });
    }
    case "answer":
      return acceptAnswer(session, { text: decision.text, answer });
    case "wait":
      return {
        kind: "end",
        outcome: { status: "waiting", waiting: { for: "reply", question: decision.text } },
        parts: [answer],
      };
    case "resume":
      writer.note(answer);
      return { kind: "request" };
    case "fail": {
      const { failure, refused } = decision;
      return fail(failure, [answer, refuseCalls(session, refused, failure.message)]);
    }
    default:
      return assertNever(decision);
  }
}

/** Every call gets a result, also one that is not run. */
function refuseCalls(session: TicketSession, calls: readonly ToolCallBlock[], text: string): StepPart {
  if (calls.length === 0) return {};
  const message: Message = { role: "tool", content: calls.map(({ id }) => refusedCall(id, text)) };
  session.messages.push(message);
  return {
    replies: [{ message, purpose: "tool_results" }],
    work: { toolCalls: calls.length, errors: calls.length },
  };
}

/** The text of an agent that has no finishing tool: the result itself, or JSON where the ticket has a schema. */
async function acceptAnswer(
  session: TicketSession,
  { text, answer }: { readonly text: string; readonly answer: StepPart },
): Promise<Step> {
  const { ticket } = session.claim;
  const parts = [answer];
  if (ticket.schema === undefined) return { kind: "end", outcome: { status: "done", result: text }, parts };
  const schema = session.host.resultSchema(ticket) ?? compileJsonSchema(ticket.schema);
  const value = readJson(text);
  const parsed =
    value === undefined
      ? { ok: false as const, issues: [{ path: "", message: "The answer is not JSON." }] }
      : await schema.parse(value);
  if (parsed.ok && value !== undefined)
    return { kind: "end", outcome: { status: "done", result: value }, parts };
  session.writer.note(answer);
  const message = parsed.ok ? "" : formatIssues(parsed.issues);
  const directive = renderTemplate(session.directives.answerInvalid, { issues: message });
  return correct(session, { message, directive });
}

/** The JSON of a text, also from within a Markdown code fence. */
function readJson(text: string): JsonValue | undefined {
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n```\s*$/.exec(text);
  return parseJson(fenced?.[1] ?? text);
}
