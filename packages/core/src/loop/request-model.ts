import { toErrorMessage } from "../errors/to-error-message.ts";
import { costOf } from "../provider/model.ts";
import type { ModelRequest, ModelResponse, ResponseEvent } from "../provider/provider.ts";
import { ProviderError, type ProviderErrorCode } from "../provider/provider-error.ts";
import type { TicketFailure } from "../ticket/ticket-failure.ts";
import { elapsedSince, sleep } from "../util/clock.ts";
import { wasNeverSent } from "./never-sent.ts";
import { readResponse } from "./read-response.ts";
import { inDays, isTooLongToWait, retryDelay } from "./retry-delay.ts";
import type { TicketSession } from "./ticket-session.ts";
import { underBudget } from "./under-budget.ts";
import { assumedOutputTokens } from "./worst-case.ts";

export type RequestOutcome =
  | { readonly kind: "answered"; readonly response: ModelResponse }
  /** The run ends: no further try. */
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly failure: TicketFailure };

/** One try: the request's end, or a failure that may pass. */
type Try = RequestOutcome | { readonly kind: "again"; readonly error: ProviderError };

/**
 * Sends the conversation, or another request such as that for a summary of it, to the model, again after failures that
 * may pass. Under a budget each try is reserved for. Throws only when the session's signal aborts.
 */
export async function requestModel(session: TicketSession, other?: ModelRequest): Promise<RequestOutcome> {
  const { host, claim } = session;
  const isBudgeted = host.isBudgeted(claim.ticket);
  const request = other ?? conversationRequest(session);
  const { maxOutputTokens = isBudgeted ? assumedOutputTokens : undefined } = request;
  const limited = maxOutputTokens === request.maxOutputTokens ? request : { ...request, maxOutputTokens };
  for (let retry = 1; ; retry++) {
    const send = (): Promise<Try> =>
      sendOnce(session, { request: limited, isOther: other !== undefined, retry });
    const tried = isBudgeted
      ? await underBudget(session, { maxOutputTokens: maxOutputTokens ?? 0, summary: other }, send)
      : await send();
    if (tried.kind !== "again") return tried;
    await pause(session, tried.error, retry);
    if (!host.mayRequest()) return { kind: "stopped" };
  }
}

async function sendOnce(
  session: TicketSession,
  options: { readonly request: ModelRequest; readonly isOther: boolean; readonly retry: number },
): Promise<Try> {
  const { writer, limits, host, signal } = session;
  const { request, isOther, retry } = options;
  const startedAt = host.clock.now();
  writer.note({ events: [{ type: "request_started", model: session.agent.model.name }] });
  try {
    const { provider } = session.agent.model;
    const onEvent = isOther ? undefined : chunkListener(session);
    const response = readResponse(await provider.respond(request, { signal, onEvent }), provider.name);
    noteAnswer(session, response, {
      durationMs: elapsedSince(startedAt, host.clock),
      turns: isOther ? 0 : 1,
    });
    return { kind: "answered", response };
  } catch (error) {
    if (signal.aborted) throw error;
    writer.note({ reservation: wasUnbilled(error) ? "settled" : "forfeited" });
    if (ProviderError.isInstance(error) && mayPass(error) && retry <= limits.maxRequestRetries) {
      return { kind: "again", error };
    }
    return { kind: "failed", failure: noteFailure(session, error, retry) };
  }
}

function conversationRequest({ agent, limits, system, messages, tools }: TicketSession): ModelRequest {
  const { model } = agent;
  return {
    model: model.name,
    system,
    messages,
    tools: tools.listed,
    toolChoice: "auto",
    maxOutputTokens: smaller(model.maxOutputTokens, limits.maxRequestTokens),
    temperature: model.temperature,
    extraBody: model.extraBody,
  };
}

/** Failures by which a vendor refuses a request before any work is done on it. */
const refusals: ReadonlySet<ProviderErrorCode> = new Set([
  "authentication_failed",
  "rate_limited",
  "context_window_exceeded",
  "invalid_request",
]);

/** Whether a failed request surely cost nothing: it never left, was refused, or answered with an HTTP error instead of a beginning. */
function wasUnbilled(error: unknown): boolean {
  if (!ProviderError.isInstance(error)) return false;
  if (refusals.has(error.reason)) return true;
  if (error.reason === "connection_failed" || error.reason === "timed_out") return wasNeverSent(error);
  const isServers = error.reason === "overloaded" || error.reason === "server_failed";
  return isServers && (error.status ?? 0) >= 400;
}

function mayPass({ retryable, retryAfterMs }: ProviderError): boolean {
  return retryable && !isTooLongToWait(retryAfterMs);
}

function smaller(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? (left ?? right) : Math.min(left, right);
}

/** Only when somebody listens is the reply streamed. */
function chunkListener({ host, claim, writer }: TicketSession): ((event: ResponseEvent) => void) | undefined {
  if (!host.listens("text_chunk_received") && !host.listens("reasoning_chunk_received")) return undefined;
  const head = { agent: claim.agent, ticket: claim.ticket.key, labels: claim.ticket.labels };
  let isFirst = true;
  return ({ type, text }) => {
    // What happened before the reply is told before it.
    if (isFirst) writer.commitSoon();
    isFirst = false;
    host.emit({ type: type === "text" ? "text_chunk_received" : "reasoning_chunk_received", text, ...head });
  };
}

function noteAnswer(
  { writer, agent }: TicketSession,
  response: ModelResponse,
  { durationMs, turns }: { readonly durationMs: number; readonly turns: number },
): void {
  const { usage, stopReason } = response;
  const cost = response.cost ?? costOf(usage, agent.model.price);
  writer.note({
    reservation: "settled",
    work: { turns, requests: 1, usage, cost: cost ?? 0 },
    events: [{ type: "request_finished", model: response.model, stopReason, usage, cost, durationMs }],
  });
}

async function pause(session: TicketSession, error: ProviderError, retry: number): Promise<void> {
  const { writer, limits, host, signal } = session;
  const { reason, message, retryAfterMs } = error;
  const delayMs = retryDelay({
    retry,
    baseMs: limits.requestRetryDelayMs,
    retryAfterMs,
    random: host.random,
  });
  writer.note({
    work: { requests: 1, errors: 1 },
    events: [{ type: "request_retried", retry, delayMs, reason, message }],
  });
  await sleep(delayMs, { clock: host.clock, signal });
}

function noteFailure({ writer }: TicketSession, error: unknown, tries: number): TicketFailure {
  const known = ProviderError.isInstance(error);
  const pauseMs = known && error.retryable ? error.retryAfterMs : undefined;
  const text = toErrorMessage(error);
  const message = isTooLongToWait(pauseMs)
    ? `${text} (not tried again: the service asks to be left alone for ${inDays(pauseMs)})`
    : text;
  writer.note({
    work: { requests: 1, errors: 1 },
    events: [{ type: "request_failed", reason: known ? error.reason : "internal_error", message }],
  });
  const context = known && error.reason === "context_window_exceeded";
  return {
    reason: context ? "context_window_exceeded" : "request_failed",
    message: tries > 1 ? `${message} (given up after ${tries} tries)` : message,
  };
}
