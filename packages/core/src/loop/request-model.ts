import { toErrorMessage } from "../errors/to-error-message.ts";
import { costOf } from "../provider/model.ts";
import type { ModelRequest, ModelResponse, ResponseEvent } from "../provider/provider.ts";
import { ProviderError } from "../provider/provider-error.ts";
import { noUsage, type Usage } from "../provider/usage.ts";
import type { TicketFailure } from "../ticket/ticket-failure.ts";
import { sleep } from "../util/clock.ts";
import { retryDelay } from "./retry-delay.ts";
import type { TicketSession } from "./ticket-session.ts";

export type RequestOutcome =
  | { readonly kind: "answered"; readonly response: ModelResponse }
  /** The run ends: no further try. */
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly failure: TicketFailure };

/** Sends the conversation, or the request for a summary of it, to the model, again after failures that may pass. Throws only when the session's signal aborts. */
export async function requestModel(session: TicketSession, summary?: ModelRequest): Promise<RequestOutcome> {
  const { writer, limits, host, signal } = session;
  for (let retry = 1; ; retry++) {
    const startedAt = host.clock.now();
    writer.note({ events: [{ type: "request_started", model: session.agent.model.name }] });
    try {
      const response = withWholeUsage(await respond(session, summary));
      noteAnswer(session, response, {
        durationMs: host.clock.now() - startedAt,
        turns: summary === undefined ? 1 : 0,
      });
      return { kind: "answered", response };
    } catch (error) {
      if (signal.aborted) throw error;
      if (ProviderError.isInstance(error) && error.retryable && retry <= limits.maxRequestRetries) {
        await pause(session, error, retry);
        if (await session.host.mayRequest()) continue;
        return { kind: "stopped" };
      }
      return { kind: "failed", failure: noteFailure(session, error, retry) };
    }
  }
}

function respond(session: TicketSession, summary: ModelRequest | undefined): Promise<ModelResponse> {
  const { model } = session.agent;
  const { signal } = session;
  if (summary !== undefined) return model.provider.respond(summary, { signal });
  return model.provider.respond(
    {
      model: model.name,
      system: session.system,
      messages: session.messages,
      tools: session.tools.listed,
      toolChoice: "auto",
      maxOutputTokens: smaller(model.maxOutputTokens, session.limits.maxRequestTokens),
      temperature: model.temperature,
      extraBody: model.extraBody,
    },
    { signal, onEvent: chunkListener(session) },
  );
}

/** A provider may leave out what its vendor does not count. */
function withWholeUsage(response: ModelResponse): ModelResponse {
  const given: Partial<Usage> = response.usage ?? {};
  const usage = { ...noUsage };
  for (const name of Object.keys(noUsage) as (keyof Usage)[]) {
    const count = given[name];
    if (typeof count === "number" && Number.isFinite(count) && count >= 0) usage[name] = count;
  }
  return { ...response, usage };
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
  const message = toErrorMessage(error);
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
