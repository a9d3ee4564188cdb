import type { ModelResponse, ResponseEvent } from "@agentwerk/core";
import { isJsonObject } from "@agentwerk/core";
import { type Exchange, isEventStream, readEvents, requestIdOf } from "@agentwerk/core/provider-kit";
import type { OpenAI } from "openai";
import { malformed } from "../request-completion.ts";
import { ResponseBuilder } from "./response-builder.ts";
import type { ResponsesReply } from "./responses-reply.ts";
import type { ResponsesRequestBody } from "./to-responses-request.ts";

export interface ResponseRequest {
  readonly client: OpenAI;
  readonly body: ResponsesRequestBody;
  readonly model: string;
  readonly exchange: Exchange;
  readonly providerName: string;
  readonly onEvent: ((event: ResponseEvent) => void) | undefined;
}

/** One request, one reply; `onEvent` hears each piece of a stream as it comes. The body is read here, see chat. */
export async function requestResponse(request: ResponseRequest): Promise<ModelResponse> {
  const { client, exchange, providerName, onEvent } = request;
  const stream = onEvent !== undefined;
  const body = stream ? { ...request.body, stream } : request.body;
  const { signal } = exchange.watch;
  const response = await client.post("/responses", { body, signal, stream }).asResponse();
  exchange.noteHeaders(response.headers);
  const builder = new ResponseBuilder({ providerName, onEvent });
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  if (stream && !isJson) await readStream(response, builder, exchange);
  else readWhole(await response.text(), builder);
  if (!builder.isFinished && !isEventStream(response)) throw malformed("It is no stream of events");
  if (!builder.isFinished) throw new Error("The stream ended in the middle of the reply.");
  return builder.build({ model: request.model, requestId: requestIdOf(response.headers) });
}

function readWhole(text: string, builder: ResponseBuilder): void {
  const response: ResponsesReply = parse(text);
  if (!response.error && !Array.isArray(response.output)) throw malformed("It has no output");
  builder.addResponse(response);
}

async function readStream({ body }: Response, builder: ResponseBuilder, { watch }: Exchange): Promise<void> {
  watch.touch();
  if (body === null) return;
  for await (const events of readEvents(body)) {
    watch.touch();
    for (const data of events) builder.addEvent(parse(data));
    // The connection may stay open for a while after the last event.
    if (builder.isFinished) return;
  }
}

function parse(text: string): object {
  const value: unknown = JSON.parse(text);
  if (isJsonObject(value)) return value;
  throw malformed("It is not a JSON object");
}
