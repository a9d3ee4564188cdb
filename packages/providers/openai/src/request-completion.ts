import type { ModelResponse, ResponseEvent } from "@agentwerk/core";
import { isJsonObject, ProviderError } from "@agentwerk/core";
import type { OpenAI } from "openai";
import type { ChatCompletion } from "./chat-completion.ts";
import { ReplyBuilder } from "./reply-builder.ts";
import type { RequestWatch } from "./request-watch.ts";
import type { HeaderSource } from "./retry-after.ts";
import type { ChatRequestBody } from "./to-chat-request.ts";
import { bodyError } from "./to-provider-error.ts";

export interface CompletionRequest {
  readonly client: OpenAI;
  readonly body: ChatRequestBody;
  readonly model: string;
  readonly watch: RequestWatch;
  readonly providerName: string;
}

/** One request, one reply. */
export async function requestWhole(request: CompletionRequest): Promise<ModelResponse> {
  const { client, body, watch, providerName } = request;
  // The SDK's parameter type is stricter than what compatible servers take.
  const call = client.post<unknown>("/chat/completions", { body, signal: watch.signal });
  const { data, response } = await call.withResponse();
  const completion = readCompletion(data, response.headers, request);
  const builder = new ReplyBuilder({ providerName, onEvent: undefined });
  builder.addHead(completion);
  const [choice] = completion.choices ?? [];
  if (choice === undefined) throw malformed(request, "it has no choices", response.headers);
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
  watch.touch();
  const builder = new ReplyBuilder({ providerName, onEvent });
  for await (const data of stream) {
    watch.touch();
    const chunk = readCompletion(data, response.headers, request);
    builder.addHead(chunk);
    const choice = chunk.choices?.[0];
    if (choice) builder.addChoice(choice);
  }
  // The SDK ends an aborted stream without an error; who asked for it is found out by the caller.
  if (watch.signal.aborted) throw new Error("The request was aborted.");
  if (!builder.isFinished) throw cutOff(request, response.headers);
  return builder.build({ model: request.model, requestId: requestIdOf(response.headers) });
}

/** Some servers send JSON under another content type, which the SDK hands on as text. */
function readCompletion(data: unknown, headers: HeaderSource, request: CompletionRequest): ChatCompletion {
  const value: unknown = typeof data === "string" ? JSON.parse(data) : data;
  if (!isJsonObject(value)) throw malformed(request, "it is not a JSON object", headers);
  const completion = value as ChatCompletion;
  if (completion.error) throw bodyError(completion.error, headers);
  return completion;
}

function malformed(request: CompletionRequest, problem: string, headers: HeaderSource): ProviderError {
  return new ProviderError({
    provider: request.providerName,
    reason: "response_malformed",
    message: `The reply of ${request.providerName} could not be read: ${problem}. Is baseUrl right, with its /v1?`,
    requestId: requestIdOf(headers),
  });
}

function cutOff(request: CompletionRequest, headers: HeaderSource): ProviderError {
  return new ProviderError({
    provider: request.providerName,
    reason: "connection_failed",
    message: `The stream of ${request.providerName} ended in the middle of the reply.`,
    requestId: requestIdOf(headers),
  });
}

function requestIdOf(headers: HeaderSource): string | undefined {
  return headers.get("x-request-id") ?? undefined;
}
