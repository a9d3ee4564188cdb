import type { ModelResponse, ResponseEvent } from "@agentwerk/core";
import { isJsonObject } from "@agentwerk/core";
import type { OpenAI } from "openai";
import type { ChatCompletion } from "./chat-completion.ts";
import { ReplyBuilder } from "./reply-builder.ts";
import type { RequestWatch } from "./request-watch.ts";
import type { HeaderSource } from "./retry-after.ts";
import type { ChatRequestBody } from "./to-chat-request.ts";
import { bodyError, requestIdOf } from "./to-provider-error.ts";

export interface CompletionRequest {
  readonly client: OpenAI;
  readonly body: ChatRequestBody;
  readonly model: string;
  readonly watch: RequestWatch;
  readonly providerName: string;
  /** Called once the reply has begun, so that every later error can name the request. */
  readonly onHeaders: (headers: HeaderSource) => void;
}

/** One request, one reply. */
export async function requestWhole(request: CompletionRequest): Promise<ModelResponse> {
  const { client, body, watch, providerName } = request;
  // The SDK's parameter type is stricter than what compatible servers take.
  const call = client.post<unknown>("/chat/completions", { body, signal: watch.signal });
  const response = await call.asResponse();
  request.onHeaders(response.headers);
  const data: unknown = await call;
  const completion = readCompletion(data, response.headers);
  const builder = new ReplyBuilder({ providerName, onEvent: undefined });
  builder.addHead(completion);
  const [choice] = completion.choices ?? [];
  if (choice === undefined) throw malformed("It has no choices");
  builder.addChoice(choice);
  return builder.build({ model: request.model, requestId: requestIdOf(response.headers) });
}

/** One request, its reply in pieces; `onEvent` hears each as it comes. */
export async function requestStream(
  request: CompletionRequest,
  onEvent: (event: ResponseEvent) => void,
): Promise<ModelResponse> {
  const { client, body, watch, providerName } = request;
  const call = client.post<AsyncIterable<unknown>>("/chat/completions", {
    body,
    signal: watch.signal,
    stream: true,
  });
  const { data: stream, response } = await call.withResponse();
  request.onHeaders(response.headers);
  watch.touch();
  const builder = new ReplyBuilder({ providerName, onEvent });
  for await (const data of stream) {
    watch.touch();
    const chunk = readCompletion(data, response.headers);
    builder.addHead(chunk);
    const choice = chunk.choices?.[0];
    if (choice) builder.addChoice(choice);
  }
  // The SDK ends an aborted stream without an error; who asked for it is found out by the caller.
  if (watch.signal.aborted) throw new Error("The request was aborted.");
  if (!builder.isFinished) throw new Error("The stream ended in the middle of the reply.");
  return builder.build({ model: request.model, requestId: requestIdOf(response.headers) });
}

/** Some servers send JSON under another content type, which the SDK hands on as text. */
function readCompletion(data: unknown, headers: HeaderSource): ChatCompletion {
  const value: unknown = typeof data === "string" ? JSON.parse(data) : data;
  if (!isJsonObject(value)) throw malformed("It is not a JSON object");
  const completion = value as ChatCompletion;
  if (completion.error) throw bodyError(completion.error, headers);
  return completion;
}

/** A syntax error is what the SDK throws for a reply that it cannot read; this is one that we cannot. */
function malformed(problem: string): SyntaxError {
  return new SyntaxError(`${problem}. Is baseUrl right, with its /v1?`);
}
