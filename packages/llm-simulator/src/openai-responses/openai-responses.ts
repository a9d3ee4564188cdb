import { writeFailure } from "../chat-completions/write-failure.ts";
import type { ParsedRequest, WireFormat } from "../wire-format.ts";
import { checkRequest } from "./check-request.ts";
import type { ResponsesItem, ResponsesRequest } from "./responses-request.ts";
import { itemsOf, partsOf, summaryOf } from "./responses-request.ts";
import { toConversation } from "./to-conversation.ts";
import { writeReply } from "./write-reply.ts";
import { writeStream, writeStreamFailure } from "./write-stream.ts";

/** OpenAI's Responses, without what the server would keep: conversations come whole with each request. */
export function openaiResponses(options: { readonly tokensPerEvent: number }): WireFormat<ResponsesRequest> {
  return {
    name: "openai-responses",
    path: "/v1/responses",
    requestIdHeader: "x-request-id",
    parse: parseRequest,
    writeReply: (reply, request) => JSON.stringify(writeReply(reply, request)),
    writeStream: (reply, request) => {
      return writeStream(reply, { request, tokensPerEvent: options.tokensPerEvent });
    },
    writeFailure,
    writeStreamFailure,
  };
}

function parseRequest(body: unknown, requestNumber: number): ParsedRequest<ResponsesRequest> {
  const failure = checkRequest(body);
  if (failure !== undefined) return { ok: false, failure };
  const request = body as ResponsesRequest;
  return {
    ok: true,
    conversation: toConversation(request, requestNumber),
    options: request,
    inputCharacters: charactersOf(request),
    promptPieces: () =>
      [request.tools ?? [], request.instructions ?? "", ...itemsOf(request.input)].map((piece) =>
        JSON.stringify(piece),
      ),
  };
}

function charactersOf({ instructions, tools, input }: ResponsesRequest): number {
  let characters = (instructions?.length ?? 0) + (tools === undefined ? 0 : JSON.stringify(tools).length);
  for (const item of itemsOf(input)) characters += charactersOfItem(item);
  return characters;
}

/** As in chat completions: one tile and its base, 85 + 170 tokens. */
const charactersPerFile = 255 * 4;

function charactersOfItem(item: ResponsesItem): number {
  let characters = (item.name?.length ?? 0) + (item.arguments?.length ?? 0) + summaryOf(item).length;
  for (const part of [...partsOf(item.content), ...partsOf(item.output)]) {
    characters += part.text?.length ?? part.refusal?.length ?? charactersPerFile;
  }
  return characters;
}
