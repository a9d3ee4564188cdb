import { isJsonObject, toErrorMessage } from "@agentwerk/core";
import {
  isInputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type RequestOptions,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UrlElicitationRequiredError,
} from "@modelcontextprotocol/client";
import { isDeeperThan } from "../../json-depth.ts";
import { isUnauthorized } from "../connection/is-unauthorized.ts";
import { listRoots } from "../connection/make-client.ts";
import { cleanText } from "../tools/clean-text.ts";
import { isCutStream } from "../transport/tell-cut-streams.ts";
import type { CallSession } from "./call-session.ts";

/** What a request carries the second time, with the answers to what the server wanted to know. */
export interface InputAnswers {
  readonly inputResponses?: Record<string, unknown>;
  readonly requestState?: string;
}

export interface ExchangeOptions {
  readonly session: CallSession;
  readonly roots: readonly string[];
  readonly request: Omit<RequestOptions, "signal">;
}

export type Exchanged<Result> =
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "ask"; readonly question: string }
  /** The model is told. `lost` says that nobody knows whether the server did it. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "lost"; readonly message: string }
  /** The same of this request alone: the connection is good for others. */
  | { readonly kind: "cut"; readonly message: string }
  /** Refused before it was looked at. */
  | { readonly kind: "unauthorized"; readonly message: string }
  /** The connection was gone before the server had the request. */
  | { readonly kind: "unsent"; readonly message: string };

/** Rounds of a request that wants more input each time. */
const mostRounds = 10;
const longestMessage = 4_000;
const longestData = 1_000;
/** Deeper data could exhaust the stack. */
const deepestData = 100;

type Send<Result> = (answers: InputAnswers, options: RequestOptions) => Promise<Result>;

/** Sends one request and answers what the server wants to know meanwhile, in the manner of either protocol era. */
export async function exchange<Result>(
  send: Send<Result>,
  { session, roots, request }: ExchangeOptions,
): Promise<Exchanged<Result>> {
  let answers: InputAnswers = {};
  try {
    for (let round = 0; round < mostRounds; round++) {
      const result = await send(answers, { ...request, signal: session.signal, allowInputRequired: true });
      if (session.interruption !== undefined) return session.interruption;
      if (!isInputRequiredResult(result)) return { kind: "result", result };
      const inputResponses = await answerAll(result.inputRequests ?? {}, { session, roots }).catch(refused);
      if (typeof inputResponses === "string") return { kind: "failed", message: inputResponses };
      if (session.interruption !== undefined) return session.interruption;
      answers = {
        inputResponses,
        ...(result.requestState !== undefined && { requestState: result.requestState }),
      };
    }
    return { kind: "failed", message: `The server wanted more input after ${mostRounds} rounds.` };
  } catch (error) {
    if (session.interruption !== undefined) return session.interruption;
    return await explain(error, session);
  }
}

/** What the server wants and does not get, told to the model; other faults stay faults. */
function refused(error: unknown): string {
  if (error instanceof ProtocolError)
    return `The server wants something that it is not given: ${error.message}`;
  throw error;
}

async function answerAll(
  requests: Readonly<Record<string, unknown>>,
  { session, roots }: { readonly session: CallSession; readonly roots: readonly string[] },
): Promise<Record<string, unknown>> {
  const responses: Record<string, unknown> = {};
  for (const [key, request] of Object.entries(requests)) {
    responses[key] = await answerOne(request, { session, roots });
    if (session.interruption !== undefined) break;
  }
  return responses;
}

async function answerOne(
  request: unknown,
  { session, roots }: { readonly session: CallSession; readonly roots: readonly string[] },
): Promise<unknown> {
  const method = isJsonObject(request) ? request.method : undefined;
  const params = (request as { readonly params?: unknown } | undefined)?.params;
  if (method === "elicitation/create")
    return await session.elicit(params as Parameters<CallSession["elicit"]>[0]);
  if (method === "sampling/createMessage") {
    return await session.sample(params as Parameters<CallSession["sample"]>[0]);
  }
  if (method === "roots/list") return listRoots(roots);
  throw new ProtocolError(
    ProtocolErrorCode.MethodNotFound,
    `The server wants ${String(method)}, which is not known`,
  );
}

/** What became of a request that threw. */
async function explain<Result>(error: unknown, session: CallSession): Promise<Exchanged<Result>> {
  const message = cleanText(toErrorMessage(error), longestMessage);
  if (session.signal.aborted) throw session.signal.reason;
  if (error instanceof UrlElicitationRequiredError) return await explainUrls(error, session);
  if (isCutStream(error)) return { kind: "cut", message };
  if (error instanceof ProtocolError)
    return { kind: "failed", message: `The server refused: ${message}${describeData(error)}` };
  if (isUnauthorized(error)) {
    return { kind: "unauthorized", message: "The server wants a sign-in first; a person has to give it." };
  }
  if (error instanceof SdkHttpError) {
    // A server that lost the session has not looked at the request.
    if (error.status === 404) return { kind: "unsent", message };
    return error.status >= 500 ? { kind: "lost", message } : { kind: "failed", message };
  }
  if (!(error instanceof SdkError)) return { kind: "lost", message };
  switch (error.code) {
    case SdkErrorCode.NotConnected:
      return { kind: "unsent", message };
    case SdkErrorCode.ConnectionClosed:
    case SdkErrorCode.SendFailed:
      return { kind: "lost", message };
    case SdkErrorCode.RequestTimeout:
      return {
        kind: "failed",
        message: `The server did not answer in time (${message}). The call was cancelled; whether it had an effect is not known.`,
      };
    case SdkErrorCode.InvalidResult:
      return {
        kind: "failed",
        message: `The server's answer is not valid MCP, so it cannot be shown; the call may have had its effect. ${message.slice(0, 500)}`,
      };
    default:
      return { kind: "failed", message };
  }
}

/** The code of a refusal and what the server sent with it, which often says what to mend. */
function describeData({ code, data }: ProtocolError): string {
  const isTold = data !== undefined && !isDeeperThan(data, deepestData);
  const text = isTold ? (JSON.stringify(data) ?? "") : "";
  return text === "" ? ` (code ${code})` : ` (code ${code}; ${cleanText(text, longestData)})`;
}

/** Before 2026-07-28 a server refuses a request until a person has been to its pages; then it has to be sent again. */
async function explainUrls<Result>(
  error: UrlElicitationRequiredError,
  session: CallSession,
): Promise<Exchanged<Result>> {
  for (const elicitation of error.elicitations) {
    const { action } = await session.elicit(elicitation);
    if (session.interruption !== undefined) return session.interruption;
    if (action !== "accept")
      return { kind: "failed", message: "The person did not open the page that the server needs." };
  }
  return { kind: "failed", message: "The server still wants a page opened that a person has been to." };
}
