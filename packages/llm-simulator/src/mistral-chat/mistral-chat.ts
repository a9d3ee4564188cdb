import type { ParsedRequest, WireFormat } from "../wire-format.ts";
import { checkRequest } from "./check-request.ts";
import type { MistralMessage, MistralRequest } from "./mistral-request.ts";
import { chunksOf, thinkingOf } from "./mistral-request.ts";
import { toConversation } from "./to-conversation.ts";
import { writeErrorBody, writeFailure } from "./write-failure.ts";
import { writeReply } from "./write-reply.ts";
import { writeStream } from "./write-stream.ts";

/** Mistral's chat completions, under a path of their own: OpenAI's have the same. */
export function mistralChat(options: { readonly tokensPerEvent: number }): WireFormat<undefined> {
  return {
    name: "mistral-chat",
    path: "/mistral/v1/chat/completions",
    requestIdHeader: "mistral-correlation-id",
    parse: parseRequest,
    writeReply,
    writeStream: (reply) => writeStream(reply, options.tokensPerEvent),
    writeFailure,
    writeStreamFailure: (failure) => `data: ${writeErrorBody(failure)}\n\n`,
  };
}

function parseRequest(body: unknown, requestNumber: number): ParsedRequest<undefined> {
  const failure = checkRequest(body);
  if (failure !== undefined) return { ok: false, failure };
  const request = body as MistralRequest;
  return {
    ok: true,
    conversation: toConversation(request, requestNumber),
    options: undefined,
    inputCharacters: charactersOf(request),
    promptPieces: () => [request.tools ?? [], ...request.messages].map((piece) => JSON.stringify(piece)),
  };
}

function charactersOf({ tools, messages }: MistralRequest): number {
  let characters = tools ? JSON.stringify(tools).length : 0;
  for (const message of messages) characters += charactersOfMessage(message);
  return characters;
}

/** As for OpenAI's images; Mistral publishes no table. */
const charactersPerFile = 255 * 4;

function charactersOfMessage({ content, tool_calls: calls }: MistralMessage): number {
  let characters = calls ? JSON.stringify(calls.map((call) => call.function)).length : 0;
  for (const chunk of chunksOf(content)) {
    const isFile = chunk.type === "image_url" || chunk.type === "document_url";
    characters += isFile ? charactersPerFile : (chunk.text ?? thinkingOf(chunk)).length;
  }
  return characters;
}
