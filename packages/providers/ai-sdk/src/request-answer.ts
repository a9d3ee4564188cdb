import type { ModelResponse, ResponseEvent } from "@agentwerk/core";
import type { Exchange } from "@agentwerk/core/provider-kit";
import { requestIdOf } from "@agentwerk/core/provider-kit";
import type {
  LanguageModelV3StreamPart,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from "@ai-sdk/provider";
import { toCallError } from "./call-error.ts";
import type { AiSdkLanguageModel } from "./language-model.ts";
import { generate, stream } from "./language-model.ts";
import { ReplyBuilder, type ReplyEnd } from "./reply-builder.ts";
import { untilAborted } from "./until-aborted.ts";

export interface AnswerRequest {
  readonly languageModel: AiSdkLanguageModel;
  readonly callOptions: LanguageModelV4CallOptions;
  readonly exchange: Exchange;
  readonly providerName: string;
}

/** One request, one reply. */
export function requestWhole(request: AnswerRequest): Promise<ModelResponse> {
  const { languageModel, callOptions, exchange, providerName } = request;
  return asCallError(async () => {
    const answer = await untilAborted(generate(languageModel, callOptions), exchange.watch.signal);
    const requestId = noteHeaders(answer.response?.headers, exchange);
    const builder = new ReplyBuilder({ providerName });
    builder.addHead(answer.response ?? {});
    for (const part of answer.content) {
      if (part.type === "tool-call") builder.addCall(part);
      else if (part.type === "text" || part.type === "reasoning") {
        builder.addText({ kind: part.type, text: part.text, metadata: part.providerMetadata });
      }
    }
    builder.addRefusal(answer);
    return builder.build({ end: answer, model: languageModel.modelId, requestId });
  });
}

/** One request, its reply in pieces; `onEvent` hears each as it comes. */
export function requestStream(
  request: AnswerRequest,
  onEvent: (event: ResponseEvent) => void,
): Promise<ModelResponse> {
  const { languageModel, callOptions, exchange, providerName } = request;
  const { watch } = exchange;
  return asCallError(async () => {
    const answer = await untilAborted(stream(languageModel, callOptions), watch.signal);
    const requestId = noteHeaders(answer.response?.headers, exchange);
    watch.touch();
    const builder = new ReplyBuilder({ providerName });
    const end = await readParts(answer.stream, { builder, exchange, onEvent });
    const refusal = builder.addRefusal(end);
    if (refusal !== undefined) onEvent({ type: "text", text: refusal });
    return builder.build({ end, model: languageModel.modelId, requestId });
  });
}

interface StreamTarget {
  readonly builder: ReplyBuilder;
  readonly exchange: Exchange;
  readonly onEvent: (event: ResponseEvent) => void;
}

type StreamPart = LanguageModelV4StreamPart | LanguageModelV3StreamPart;

async function readParts(
  parts: ReadableStream<LanguageModelV4StreamPart> | ReadableStream<LanguageModelV3StreamPart>,
  { builder, exchange: { watch }, onEvent }: StreamTarget,
): Promise<ReplyEnd> {
  const reader: ReadableStreamDefaultReader<StreamPart> = parts.getReader();
  // A model that does not look at the signal would never end.
  const cancel = (): void => void reader.cancel(watch.signal.reason).catch(() => undefined);
  watch.signal.addEventListener("abort", cancel, { once: true });
  let end: ReplyEnd | undefined;
  try {
    while (true) {
      const { done, value } = await reader.read();
      watch.signal.throwIfAborted();
      if (done) break;
      watch.touch();
      end = takePart(value, { builder, onEvent }) ?? end;
    }
  } catch (thrown) {
    cancel();
    throw thrown;
  }
  if (end === undefined) throw new Error("The stream ended in the middle of the reply.");
  return end;
}

/** @throws what the stream says went wrong. */
function takePart(
  part: StreamPart,
  { builder, onEvent }: Pick<StreamTarget, "builder" | "onEvent">,
): ReplyEnd | undefined {
  switch (part.type) {
    case "text-start":
    case "text-delta":
    case "text-end":
    case "reasoning-start":
    case "reasoning-delta":
    case "reasoning-end": {
      const kind = part.type.startsWith("text") ? "text" : "reasoning";
      const text = "delta" in part ? part.delta : "";
      builder.addText({ kind, id: part.id, text, metadata: part.providerMetadata });
      if (text !== "") onEvent({ type: kind, text });
      return undefined;
    }
    case "tool-call":
      builder.addCall(part);
      return undefined;
    case "response-metadata":
      builder.addHead(part);
      return undefined;
    case "finish":
      return part;
    case "error":
      throw part.error;
    default:
      // Sources, files, raw chunks, and the pieces of calls that come whole later.
      return undefined;
  }
}

/** So that the provider kit can read what the AI SDK throws. */
async function asCallError<Result>(request: () => Promise<Result>): Promise<Result> {
  try {
    return await request();
  } catch (thrown) {
    throw toCallError(thrown);
  }
}

function noteHeaders(
  headers: Readonly<Record<string, string>> | undefined,
  exchange: Exchange,
): string | undefined {
  if (headers === undefined) return undefined;
  const source = new Headers(headers);
  exchange.noteHeaders(source);
  return requestIdOf(source);
}
