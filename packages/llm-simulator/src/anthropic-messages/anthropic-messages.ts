import type { ParsedRequest, WireFormat } from "../wire-format.ts";
import { checkRequest } from "./check-request.ts";
import type { MessagesBlock, MessagesRequest } from "./messages-request.ts";
import { blocksOf } from "./messages-request.ts";
import { toConversation } from "./to-conversation.ts";
import { writeErrorBody, writeFailure } from "./write-failure.ts";
import { writeReply } from "./write-reply.ts";
import { writeStream } from "./write-stream.ts";

/** Anthropic's messages. */
export function anthropicMessages(options: { readonly tokensPerEvent: number }): WireFormat<undefined> {
  return {
    name: "anthropic-messages",
    path: "/v1/messages",
    requestIdHeader: "request-id",
    parse: parseRequest,
    writeReply,
    writeStream: (reply) => writeStream(reply, options.tokensPerEvent),
    writeFailure,
    writeStreamFailure: (failure) => `event: error\ndata: ${writeErrorBody(failure)}\n\n`,
  };
}

function parseRequest(body: unknown, requestNumber: number): ParsedRequest<undefined> {
  const failure = checkRequest(body);
  if (failure !== undefined) return { ok: false, failure };
  const request = body as MessagesRequest;
  return {
    ok: true,
    conversation: toConversation(request, requestNumber),
    options: undefined,
    inputCharacters: charactersOf(request),
    promptPieces: () => cachedPieces(request),
    cachesExplicitly: true,
  };
}

/** An image of a square megapixel costs about 1,334 tokens by Anthropic's guide to vision; ours are small. */
const charactersPerFile = 255 * 4;

function charactersOf({ system, tools, messages }: MessagesRequest): number {
  let characters = tools === undefined ? 0 : JSON.stringify(tools).length;
  for (const block of blocksOf(system)) characters += block.text?.length ?? 0;
  for (const { content } of messages) {
    for (const block of blocksOf(content)) characters += charactersOfBlock(block);
  }
  return characters;
}

function charactersOfBlock(block: MessagesBlock): number {
  switch (block.type) {
    case "image":
    case "document":
      return charactersPerFile;
    case "tool_use":
      return (block.name?.length ?? 0) + JSON.stringify(block.input ?? {}).length;
    case "tool_result":
      return blocksOf(block.content).reduce((sum, part) => sum + charactersOfBlock(part), 0);
    default:
      return (block.text ?? block.thinking ?? block.data ?? "").length;
  }
}

/** The prompt up to its last cache breakpoint, in the order in which it is cached: tools, system, messages. */
function cachedPieces({ tools, system, messages }: MessagesRequest): readonly string[] {
  const parts = [
    ...(tools ?? []),
    ...blocksOf(system),
    ...messages.flatMap(({ content }) => blocksOf(content)),
  ];
  const last = parts.findLastIndex((part) => part.cache_control !== undefined);
  return parts.slice(0, last + 1).map((part) => JSON.stringify({ ...part, cache_control: undefined }));
}
