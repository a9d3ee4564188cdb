import type { IncomingMessage, ServerResponse } from "node:http";
import type { Behaviour } from "../behaviour/behaviour.ts";
import type { Conversation } from "../conversation.ts";
import type { Failure } from "../failure.ts";
import type { FaultOptions } from "../fault/fault.ts";
import { faultStages } from "../fault/fault.ts";
import { charactersPerToken } from "../reply/estimate-tokens.ts";
import { finishReply } from "../reply/finish-reply.ts";
import { SimulatorError } from "../simulator-error.ts";
import type { ResolvedOptions } from "../simulator-options.ts";
import type { ParsedRequest, WireFormat } from "../wire-format.ts";
import type { Decision } from "./decide.ts";
import { decide, toFailure } from "./decide.ts";
import { deliverBody, deliverStream } from "./deliver.ts";
import type { CacheCount } from "./prompt-cache.ts";
import { readBody } from "./read-body.ts";
import type { RequestRecord } from "./recorded-request.ts";
import type { RequestLog } from "./request-log.ts";
import { retryHeaders } from "./retry-headers.ts";

/** What a request is answered with; `behaviour` may be exchanged between requests. */
export interface ServerState {
  readonly options: ResolvedOptions;
  readonly log: RequestLog;
  readonly behaviour: Behaviour;
  readonly schedule: (conversation: Conversation) => FaultOptions | undefined;
  readonly countCached: ((pieces: readonly string[]) => CacheCount) | undefined;
  readonly reportMismatch: (message: string) => void;
}

interface Exchange {
  readonly state: ServerState;
  readonly format: WireFormat;
  readonly response: ServerResponse;
  readonly record: RequestRecord;
  readonly headers: Readonly<Record<string, string>>;
}

/** One request from its body to its last byte. */
export async function handleModelRequest(
  state: ServerState,
  format: WireFormat,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = parseJson(await readBody(request));
  const number = state.log.nextNumber();
  const parsed = format.parse(body, number);
  const record: RequestRecord = {
    number,
    at: Date.now(),
    format: format.name,
    headers: request.headers,
    body,
    conversation: parsed.ok ? parsed.conversation : undefined,
    status: undefined,
    fault: undefined,
    reply: undefined,
    aborted: false,
  };
  response.once("close", () => {
    if (!response.writableFinished) record.aborted = true;
  });
  state.log.add(record);
  const headers = { [format.requestIdHeader]: `req_simulated_${number}` };
  const exchange: Exchange = { state, format, response, record, headers };
  const refusal = refuse(state.options, parsed, keyOf(request));
  if (refusal !== undefined) return sendFailure(exchange, refusal);
  if (parsed.ok) await answer(exchange, parsed, keyOf(request));
}

type Parsed = Extract<ParsedRequest<unknown>, { readonly ok: true }>;

async function answer(exchange: Exchange, parsed: Parsed, apiKey: string | undefined): Promise<void> {
  const { state, record, response } = exchange;
  const { conversation } = parsed;
  const inputTokens = Math.ceil(parsed.inputCharacters / charactersPerToken);
  const decision = await decideOrReport(state, conversation);
  if (decision.kind === "mismatch") {
    return sendFailure(exchange, { kind: "script_mismatch", message: decision.message });
  }
  const { fault } = decision;
  record.fault = fault?.kind;
  if (fault?.kind === "connection_reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  if (decision.kind === "fail") {
    const { contextWindow } = state.options;
    const failure = toFailure(decision.fault, { apiKey, inputTokens, contextWindow });
    return sendFailure(exchange, failure, retryHeaders(decision.fault, Date.now()));
  }
  const limit = decision.fault?.kind === "output_truncated" ? (decision.fault.tokens ?? 8) : undefined;
  const cache = state.countCached?.(parsed.promptPieces());
  const reply = finishReply(decision.reply, conversation, {
    inputTokens,
    cachedTokens: cache?.cachedTokens ?? 0,
    cacheWriteTokens: parsed.cachesExplicitly === true ? (cache?.newTokens ?? 0) : 0,
    createdAt: Math.floor(record.at / 1000),
    maxOutputTokens: limit ?? conversation.maxOutputTokens,
  });
  record.reply = reply;
  record.status = 200;
  await deliver(exchange, { ...decision, finished: reply }, parsed);
}

type Answered = Extract<Decision, { readonly kind: "reply" }> & {
  readonly finished: ReturnType<typeof finishReply>;
};

async function deliver(exchange: Exchange, answered: Answered, parsed: Parsed): Promise<void> {
  const { state, format, response } = exchange;
  const { latencyMs, tokensPerSecond } = state.options;
  const isDelivery = answered.fault !== undefined && faultStages[answered.fault.kind] === "delivery";
  const fault = isDelivery ? answered.fault : undefined;
  const message = fault !== undefined && "message" in fault ? fault.message : undefined;
  const failure: Failure = { kind: "server_failed", message };
  const common = { headers: exchange.headers, latencyMs, tokensPerSecond, fault };
  if (parsed.conversation.stream) {
    const events = format.writeStream(answered.finished, parsed.options);
    const failureEvent = (): string => format.writeStreamFailure(failure);
    await deliverStream(response, events, { ...common, failureEvent });
    return;
  }
  if (fault?.kind === "stream_failed") return sendFailure(exchange, failure);
  const body = format.writeReply(answered.finished, parsed.options);
  await deliverBody(response, body, { ...common, outputTokens: answered.finished.usage.outputTokens });
}

async function decideOrReport(
  state: ServerState,
  conversation: Conversation,
): Promise<Decision | { readonly kind: "mismatch"; readonly message: string }> {
  try {
    return await decide(conversation, state.behaviour, state.schedule(conversation));
  } catch (thrown) {
    const message = describeThrown(thrown, conversation.requestNumber);
    state.reportMismatch(message);
    return { kind: "mismatch", message };
  }
}

function describeThrown(thrown: unknown, requestNumber: number): string {
  if (thrown instanceof SimulatorError) return thrown.message;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return `The reply function failed at request ${requestNumber}: ${text}`;
}

/** What the server refuses before any behaviour is asked. */
function refuse(
  options: ResolvedOptions,
  parsed: ParsedRequest<unknown>,
  apiKey: string | undefined,
): Failure | undefined {
  if (options.apiKey !== undefined && options.apiKey !== apiKey) {
    return { kind: "authentication_failed", apiKey };
  }
  if (!parsed.ok) return parsed.failure;
  const { model } = parsed.conversation;
  if (options.models !== undefined && !options.models.includes(model)) {
    return { kind: "model_not_found", model };
  }
  const inputTokens = Math.ceil(parsed.inputCharacters / charactersPerToken);
  const { contextWindow } = options;
  if (contextWindow !== undefined && inputTokens > contextWindow) {
    return { kind: "context_window_exceeded", inputTokens, contextWindow };
  }
  return undefined;
}

function sendFailure(
  exchange: Exchange,
  failure: Failure,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { status, body } = exchange.format.writeFailure(failure);
  exchange.record.status = status;
  sendJson(exchange.response, { status, body, headers: { ...exchange.headers, ...headers } });
}

export function sendJson(
  response: ServerResponse,
  options: {
    readonly status: number;
    readonly body: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): void {
  const { status, body, headers } = options;
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function keyOf(request: IncomingMessage): string | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) return authorization.replace(/^Bearer\s+/i, "");
  const other = request.headers["x-api-key"];
  return typeof other === "string" ? other : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
