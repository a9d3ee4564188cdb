import type { ModelResponse, ResponseEvent } from "@agentwerk/core";
import { isJsonObject } from "@agentwerk/core";
import {
  bodyError,
  type Exchange,
  type HeaderSource,
  isEventStream,
  readEvents,
  requestIdOf,
} from "@agentwerk/core/provider-kit";
import type { Anthropic } from "@anthropic-ai/sdk";
import type { MessagesEvent, MessagesReply } from "./messages-reply.ts";
import { ReplyBuilder } from "./reply-builder.ts";

export interface MessageRequest {
  readonly client: Anthropic;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  readonly exchange: Exchange;
  readonly providerName: string;
}

/*
 * The SDK makes the request and maps its failures; the body is read here, because the SDK ends an aborted stream as if it
 * were whole, and refuses a request without a stream whose limit is high.
 */

/** One request, one reply. */
export async function requestWhole(request: MessageRequest): Promise<ModelResponse> {
  const response = await send(request, false);
  const builder = new ReplyBuilder({ providerName: request.providerName, onEvent: undefined });
  await readWhole(response, builder);
  return builder.build({ model: request.model, requestId: requestIdOf(response.headers) });
}

/** One request, its reply in pieces; `onEvent` hears each as it comes. */
export async function requestStream(
  request: MessageRequest,
  onEvent: (event: ResponseEvent) => void,
): Promise<ModelResponse> {
  const response = await send(request, true);
  request.exchange.watch.touch();
  const builder = new ReplyBuilder({ providerName: request.providerName, onEvent });
  if (response.headers.get("content-type")?.startsWith("application/json") === true) {
    await readWhole(response, builder);
  } else {
    await readStream(response, builder, request.exchange);
  }
  if (!builder.isFinished && !isEventStream(response)) throw malformed("It is no stream of events");
  if (!builder.isFinished) throw new Error("The stream ended in the middle of the reply.");
  return builder.build({ model: request.model, requestId: requestIdOf(response.headers) });
}

async function send(request: MessageRequest, stream: boolean): Promise<Response> {
  const { client, body, headers, exchange } = request;
  const { signal } = exchange.watch;
  const response = await client.post("/v1/messages", { body, headers, signal, stream }).asResponse();
  exchange.noteHeaders(response.headers);
  return response;
}

async function readWhole(response: Response, builder: ReplyBuilder): Promise<void> {
  const message: MessagesReply = parse(await response.text(), response.headers);
  if (!Array.isArray(message.content)) throw malformed("It has no content");
  builder.addMessage(message);
}

async function readStream(
  { body, headers }: Response,
  builder: ReplyBuilder,
  exchange: Exchange,
): Promise<void> {
  if (body === null) return;
  for await (const events of readEvents(body)) {
    exchange.watch.touch();
    for (const data of events) {
      const event: MessagesEvent = parse(data, headers);
      builder.addEvent(event);
    }
    // The connection may stay open for a while after the last event.
    if (builder.isFinished) return;
  }
}

function parse(text: string, headers: HeaderSource): object {
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw malformed("It is not a JSON object");
  if (value.error) throw bodyError(value.error, headers);
  return value;
}

/** Like the error of JSON.parse, for what is not a reply. */
function malformed(problem: string): SyntaxError {
  return new SyntaxError(`${problem}. Is baseUrl right, without the /v1?`);
}
