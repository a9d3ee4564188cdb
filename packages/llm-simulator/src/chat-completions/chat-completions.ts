import type { ParsedRequest, WireFormat } from "../wire-format.ts";
import type { ChatDialect } from "./chat-dialect.ts";
import type { ChatMessage, ChatRequest } from "./chat-request.ts";
import { checkRequest } from "./check-request.ts";
import { toConversation } from "./to-conversation.ts";
import { writeErrorBody, writeFailure } from "./write-failure.ts";
import { writeReply } from "./write-reply.ts";
import { writeStream } from "./write-stream.ts";

export interface ChatCompletionsOptions {
  readonly dialect?: ChatDialect | undefined;
  /** Tokens that one stream event carries. */
  readonly tokensPerEvent: number;
}

interface ReplyForm {
  readonly includeUsage: boolean;
}

/** OpenAI's chat completions, which most other servers speak too. */
export function chatCompletions(options: ChatCompletionsOptions): WireFormat<ReplyForm> {
  const { tokensPerEvent, dialect = {} } = options;
  return {
    name: "openai-chat",
    path: "/v1/chat/completions",
    requestIdHeader: "x-request-id",
    parse: (body, requestNumber) => parseRequest(body, { requestNumber, dialect }),
    writeReply: (reply) => writeReply(reply, dialect),
    writeStream: (reply, { includeUsage }) => writeStream(reply, { includeUsage, dialect, tokensPerEvent }),
    writeFailure,
    writeStreamFailure: (failure) => `data: ${writeErrorBody(failure)}\n\n`,
  };
}

function parseRequest(
  body: unknown,
  { requestNumber, dialect }: { readonly requestNumber: number; readonly dialect: ChatDialect },
): ParsedRequest<ReplyForm> {
  const failure = checkRequest(body);
  if (failure !== undefined) return { ok: false, failure };
  const given = body as ChatRequest;
  const request = dialect.neverStreams === true ? { ...given, stream: false } : given;
  return {
    ok: true,
    conversation: toConversation(request, requestNumber),
    options: { includeUsage: request.stream_options?.include_usage === true },
    inputCharacters: charactersOf(request),
    promptPieces: () => [
      JSON.stringify(request.tools ?? []),
      ...request.messages.map((message) => JSON.stringify(message)),
    ],
  };
}

function charactersOf(request: ChatRequest): number {
  let characters = request.tools === undefined ? 0 : JSON.stringify(request.tools).length;
  for (const message of request.messages) characters += charactersOfMessage(message);
  return characters;
}

/** An image costs what OpenAI charges for one tile and its base: 85 + 170 tokens. */
const charactersPerImage = 255 * 4;

function charactersOfMessage({ content, tool_calls: toolCalls }: ChatMessage): number {
  let characters = typeof content === "string" ? content.length : 0;
  if (typeof content === "object" && content !== null) {
    for (const part of content) {
      characters += part.type === "image_url" ? charactersPerImage : (part.text?.length ?? 0);
    }
  }
  for (const call of toolCalls ?? []) {
    characters += call.function.name.length + call.function.arguments.length;
  }
  return characters;
}
