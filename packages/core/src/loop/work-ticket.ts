import type { AgentDefinition } from "../agent/agent-definition.ts";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { LeaseLostError } from "../errors/lease-lost-error.ts";
import { toErrorMessage } from "../errors/to-error-message.ts";
import type { Claim } from "../store/ticket-store.ts";
import { closeOpenCalls } from "../ticket/close-open-calls.ts";
import type { TicketFailure } from "../ticket/ticket-failure.ts";
import { assertNever } from "../util/assert-never.ts";
import { renderTemplate } from "../util/render-template.ts";
import { type CallsOutcome, callTools, interruptionOf } from "./call-tools.ts";
import { checkLineage } from "./check-lineage.ts";
import { repeatedTurns } from "./detect-loop.ts";
import type { LoopHost, WorkEnd } from "./loop-host.ts";
import { toolNameOf } from "./plan-calls.ts";
import { resumeCalls } from "./resume-calls.ts";
import { correct, fail, type Step } from "./step.ts";
import { takeTurn } from "./take-turn.ts";
import type { TicketLimits } from "./ticket-limits.ts";
import { openSession, say, type TicketSession } from "./ticket-session.ts";
import { endsWork, TicketWriter } from "./ticket-writer.ts";

export interface WorkOptions {
  readonly claim: Claim;
  readonly agent: AgentDefinition;
  readonly host: LoopHost;
  readonly limits: TicketLimits;
  /** Aborts the work in hand: the ticket is given back, or dropped when it is no longer ours. */
  readonly signal: AbortSignal;
  /** Called when the last commit has been handed to the store: the slot is free, and a claim made now rides with it. */
  readonly onEnding: () => void;
}

/**
 * Works one claimed ticket to its end: an outcome, a park, or giving it back.
 * Rejects only when the store fails; then the ticket comes back after its lease.
 */
export async function workTicket(options: WorkOptions): Promise<WorkEnd> {
  const { claim, host, signal } = options;
  const ended = new AbortController();
  const writer = new TicketWriter({
    store: host.store,
    claim,
    clock: host.clock,
    onLost: (reason) => ended.abort(reason),
  });
  const onAbort = (): void => ended.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    const step = await work(options, { writer, signal: ended.signal });
    return await end(step, { ...options, writer });
  } catch (error) {
    return await giveUp(error, { ...options, writer, signal: ended.signal });
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

type LastStep = Extract<Step, { kind: "end" | "give_back" }>;

interface Hands {
  readonly writer: TicketWriter;
  readonly signal: AbortSignal;
}

async function work(options: WorkOptions, { writer, signal }: Hands): Promise<LastStep> {
  const { claim, host, limits } = options;
  const { crashes } = claim.ticket;
  if (crashes >= limits.maxAttempts) {
    const message = `Given up after ${crashes} workers vanished in the middle of it; look for a crash that it causes.`;
    return failAtOnce({ reason: "attempts_exhausted", message }, options, writer);
  }
  const agent = withModelOf(options);
  if ("failure" in agent) return failAtOnce(agent.failure, options, writer);
  const session = await openSession({ host, agent, claim, limits, writer, signal });
  let step: Step = session.openCalls.length > 0 ? await resumeCalls(session) : { kind: "request" };
  for (;;) {
    switch (step.kind) {
      case "request":
        signal.throwIfAborted();
        step = await takeTurn(session);
        break;
      case "call":
        signal.throwIfAborted();
        step = await afterCalls(session, await callTools(session, step.planned));
        break;
      // What was decided and paid for is written also when the run was stopped meanwhile.
      case "end":
      case "give_back":
        return step;
      default:
        return assertNever(step);
    }
  }
}

/** A ticket that is not begun may have calls of an earlier worker open. */
function failAtOnce(failure: TicketFailure, { claim }: WorkOptions, writer: TicketWriter): LastStep {
  const closing = closeOpenCalls(claim.replies, failure.message);
  if (closing !== undefined) writer.note({ replies: [closing] });
  return fail(failure);
}

/** The agent with the model that the ticket names, if it names one. */
function withModelOf({
  claim,
  agent,
  host,
}: WorkOptions): AgentDefinition | { readonly failure: TicketFailure } {
  const { model } = claim.ticket;
  if (model === undefined) return agent;
  try {
    return { ...agent, model: host.resolveModel(model) };
  } catch (error) {
    return { failure: { reason: "model_unknown", message: toErrorMessage(error) } };
  }
}

async function afterCalls(session: TicketSession, outcome: CallsOutcome): Promise<Step> {
  session.messages.push(...session.held.splice(0));
  switch (outcome.kind) {
    case "go_on":
      return breakLoop(session);
    case "retry":
      return correct(session, { message: outcome.message });
    case "decided":
      return afterDecision(session, outcome);
    default:
      return assertNever(outcome);
  }
}

/** Tells a model that goes round in circles so, and ends it when it goes on. */
function breakLoop(session: TicketSession): Step {
  const { directives, limits } = session;
  const { maxRepeatedCalls } = limits;
  const halfway = Math.max(2, Math.ceil(maxRepeatedCalls / 2));
  const warning = (): string => renderTemplate(directives.callsRepeated, { count: halfway });
  const { count, isWarned } = repeatedTurns(session.messages, {
    isWarning: (text) => text === warning(),
    isInterruption: (text, call) => text === interruptionOf(toolNameOf(call), directives),
  });
  if (count >= maxRepeatedCalls) {
    const message = `The agent made the same calls with the same results ${count} times in a row.`;
    return fail({ reason: "loop_detected", message });
  }
  if (count >= halfway && !isWarned) {
    session.schemaRetries++;
    say(session, warning());
  }
  return { kind: "request" };
}

async function afterDecision(
  session: TicketSession,
  { decision, parts }: Extract<CallsOutcome, { kind: "decided" }>,
): Promise<Step> {
  switch (decision.kind) {
    case "finish": {
      const { result, children = [] } = decision;
      const problem = children.length === 0 ? undefined : await checkLineage(session, children);
      return problem === undefined
        ? { kind: "end", outcome: { status: "done", result }, children, parts }
        : fail(problem, parts);
    }
    case "give_up":
      return fail({ reason: "given_up", message: decision.message }, parts);
    case "park":
      return { kind: "end", outcome: { status: "waiting", waiting: decision.waiting }, parts };
    default:
      return assertNever(decision);
  }
}

async function end(
  step: LastStep,
  {
    writer,
    claim,
    agent,
    onEnding,
  }: Pick<Hands, "writer"> & Pick<WorkOptions, "claim" | "agent" | "onEnding">,
): Promise<WorkEnd> {
  if (step.kind === "give_back") {
    await writer.release();
    return "released";
  }
  const { outcome, children, parts } = step;
  const { provider, name } = agent.model;
  const model = claim.ticket.model ?? `${provider.name}:${name}`;
  await writer.finish({
    outcome: outcome.status === "failed" ? { ...outcome, model } : outcome,
    ...(children === undefined ? {} : { children }),
    parts,
    onHanded: onEnding,
  });
  return outcome.status === "waiting" ? "parked" : "final";
}

/** After an abort the ticket goes back; after an unexpected error it fails, with every call answered. */
async function giveUp(
  error: unknown,
  { claim, agent, host, writer, signal, onEnding }: Hands & WorkOptions,
): Promise<WorkEnd> {
  const cause: unknown = signal.aborted ? signal.reason : error;
  try {
    if (LeaseLostError.isInstance(cause)) throw cause;
    if (AgentwerkError.isInstance(cause) && endsWork(cause)) throw cause;
    if (signal.aborted) {
      await writer.release();
      return "released";
    }
    writer.abandon();
    const message = `The work ended with an unexpected error: ${toErrorMessage(error)}`;
    const closing = closeOpenCalls(await host.store.replies(claim.ticket.key), message);
    if (closing !== undefined) await writer.commit({ replies: [closing] });
    return await end(fail({ reason: "internal_error", message }), {
      writer,
      claim,
      agent,
      onEnding,
    });
  } catch (later) {
    writer.abandon();
    if (LeaseLostError.isInstance(later)) return "lost";
    // Its store may be well again by now. A ticket that nobody gives back counts as one whose worker vanished.
    await host.store.release(claim.lease).catch(() => {});
    throw later;
  }
}
