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
import type { ChatReply } from "./chat-reply.ts";
import type { MistralSdk } from "./load-sdk.ts";
import type { MistralSettings } from "./mistral-options.ts";
import { ReplyBuilder } from "./reply-builder.ts";
import type { ChatRequest } from "./to-chat-request.ts";

export interface ReplyRequest {
  readonly sdk: MistralSdk;
  readonly settings: MistralSettings;
  readonly chat: ChatRequest & { readonly stream: boolean };
  readonly extraBody: Readonly<Record<string, unknown>> | undefined;
  readonly exchange: Exchange;
  readonly onEvent: ((event: ResponseEvent) => void) | undefined;
}

/** One request, one reply; `onEvent` hears each piece of a stream as it comes. */
export async function requestReply(request: ReplyRequest): Promise<ModelResponse> {
  const { exchange, settings, chat, onEvent } = request;
  const response = await send(request);
  exchange.noteHeaders(response.headers);
  const builder = new ReplyBuilder({ providerName: settings.providerName, onEvent });
  const isStream = isEventStream(response);
  if (isStream) await readStream(response, builder, exchange);
  else builder.add(parse(await response.text(), response.headers));
  if (!builder.isFinished) throw unfinished(isStream);
  return builder.build({ model: chat.model, requestId: requestIdOf(response.headers) });
}

/**
 * Lets the SDK make the request, with its paths, headers and errors, and keeps a good reply from it: the SDK checks
 * every event of a stream against a schema, which costs more than all the rest, refuses what it does not know, and
 * shows no headers.
 */
async function send({ sdk, settings, chat, extraBody, exchange }: ReplyRequest): Promise<Response> {
  let reply: Response | undefined;
  const fetcher = async (input: Request | URL | string, init?: RequestInit): Promise<Response> => {
    const request = await withExtraBody(new Request(input, init), extraBody);
    // A redirect would take the conversation and the custom headers to another host.
    const response = await fetch(request, { redirect: "manual" });
    if (!response.ok) return response;
    reply = response;
    return new Response("", { headers: { "content-type": "text/event-stream" } });
  };
  const client = new sdk.MistralCore({
    // An empty key is sent as none, and keeps the SDK from looking for one.
    apiKey: settings.apiKey ?? "",
    serverURL: settings.baseUrl,
    httpClient: new sdk.HTTPClient({ fetcher }),
    retryConfig: { strategy: "none" },
  });
  const result = await sdk.chatStream(client, chat, {
    signal: exchange.watch.signal,
    headers: settings.headers,
  });
  if (!result.ok) throw result.error;
  if (reply === undefined) throw new Error("The SDK sent nothing.");
  return reply;
}

/** The SDK sends only the fields that it knows. */
async function withExtraBody(request: Request, extraBody: ReplyRequest["extraBody"]): Promise<Request> {
  if (extraBody === undefined) return request;
  const body: unknown = await request.json();
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    signal: request.signal,
    body: JSON.stringify({ ...(isJsonObject(body) ? body : {}), ...extraBody }),
  });
}

async function readStream(
  { body, headers }: Response,
  builder: ReplyBuilder,
  { watch }: Exchange,
): Promise<void> {
  watch.touch();
  if (body === null) return;
  for await (const events of readEvents(body)) {
    watch.touch();
    for (const data of events) builder.add(parse(data, headers));
  }
}

function parse(text: string, headers: HeaderSource): ChatReply {
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw malformed("It is not a JSON object");
  if (value.object === "error") throw bodyError(value, headers);
  if (value.error) throw bodyError(value.error, headers);
  return value;
}

function unfinished(isStream: boolean): Error {
  return isStream
    ? new Error("The stream ended in the middle of the reply.")
    : malformed("It has no choices");
}

/** Like the error of JSON.parse, for JSON that is not a reply. */
function malformed(problem: string): SyntaxError {
  return new SyntaxError(`${problem}. Is baseUrl right, without the /v1?`);
}
