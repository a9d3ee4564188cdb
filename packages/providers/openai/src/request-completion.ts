import type { ModelResponse, ResponseEvent } from "@agentwerk/core";
import { isJsonObject } from "@agentwerk/core";
import {
  bodyError,
  type Exchange,
  type HeaderSource,
  isEventStream,
  type RequestWatch,
  readEvents,
  requestIdOf,
} from "@agentwerk/core/provider-kit";
import type { OpenAI } from "openai";
import type { ChatCompletion } from "./chat-completion.ts";
import type { ChatDialect } from "./chat-dialect.ts";
import { ReplyBuilder } from "./reply-builder.ts";
import type { ChatRequestBody } from "./to-chat-request.ts";

export interface CompletionRequest {
  readonly client: OpenAI;
  readonly body: ChatRequestBody;
  readonly model: string;
  readonly exchange: Exchange;
  readonly providerName: string;
  readonly readCost: ChatDialect["readCost"] | undefined;
}

/*
 * The SDK makes the request and maps its failures; the body is read here. The SDK's own reading of a stream takes about a
 * quarter of the CPU time of a short request, and ends an aborted stream as if it were whole.
 */

/** One request, one reply. */
export async function requestWhole(request: CompletionRequest): Promise<ModelResponse> {
  const { client, body, exchange, providerName } = request;
  const { watch } = exchange;
  const response = await client.post("/chat/completions", { body, signal: watch.signal }).asResponse();
  exchange.noteHeaders(response.headers);
  const builder = new ReplyBuilder({ providerName, onEvent: undefined });
  await readWhole(response, builder);
  return builder.build({ model: request.model, ...readHead(response.headers, request) });
}

interface ReplyHead {
  readonly requestId: string | undefined;
  readonly cost: number | undefined;
}

function readHead(headers: HeaderSource, { readCost }: Pick<CompletionRequest, "readCost">): ReplyHead {
  return { requestId: requestIdOf(headers), cost: readCost?.(headers) };
}

async function readWhole(response: Response, builder: ReplyBuilder): Promise<void> {
  const completion = readCompletion(await response.text(), response.headers);
  builder.addHead(completion);
  const [choice] = completion.choices ?? [];
  if (choice === undefined) throw malformed("It has no choices");
  builder.addChoice(choice);
}

/** One request, its reply in pieces; `onEvent` hears each as it comes. */
export async function requestStream(
  request: CompletionRequest,
  onEvent: (event: ResponseEvent) => void,
): Promise<ModelResponse> {
  const { client, body, exchange, providerName } = request;
  const { watch } = exchange;
  const response = await client
    .post("/chat/completions", { body, signal: watch.signal, stream: true })
    .asResponse();
  exchange.noteHeaders(response.headers);
  watch.touch();
  const builder = new ReplyBuilder({ providerName, onEvent });
  if (response.headers.get("content-type")?.startsWith("application/json") === true) {
    // Some servers do not stream when there are tools, whatever they are asked.
    await readWhole(response, builder);
  } else {
    await readStream(response, { builder, watch });
    if (!builder.isFinished && !isEventStream(response)) throw malformed("It is no stream of events");
    if (!builder.isFinished) throw new Error("The stream ended in the middle of the reply.");
  }
  return builder.build({ model: request.model, ...readHead(response.headers, request) });
}

interface StreamTarget {
  readonly builder: ReplyBuilder;
  readonly watch: RequestWatch;
}

async function readStream({ body, headers }: Response, { builder, watch }: StreamTarget): Promise<void> {
  if (body === null) return;
  for await (const events of readEvents(body)) {
    watch.touch();
    for (const data of events) {
      const chunk = readCompletion(data, headers);
      builder.addHead(chunk);
      const choice = chunk.choices?.[0];
      if (choice) builder.addChoice(choice);
    }
  }
}

function readCompletion(text: string, headers: HeaderSource): ChatCompletion {
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw malformed("It is not a JSON object");
  const completion = value as ChatCompletion;
  if (completion.error) throw bodyError(completion.error, headers);
  return completion;
}

/** Like the error of JSON.parse, for what is not a reply. */
export function malformed(problem: string): SyntaxError {
  return new SyntaxError(`${problem}. Is baseUrl right, with its /v1?`);
}
