import { createHash } from "node:crypto";
import type {
  AssistantContent,
  DocumentBlock,
  ImageBlock,
  Message,
  TextBlock,
  ToolResultBlock,
  UserContent,
} from "@agentwerk/core";
import { assertNever, isJsonObject } from "@agentwerk/core";
import { type CallIds, createCallIds, toToolName } from "@agentwerk/core/provider-kit";

/** A content block as it is sent; fields as Anthropic names them. */
export type WireBlock = { readonly type: string } & Readonly<Record<string, unknown>>;

export interface WireMessage {
  readonly role: "user" | "assistant";
  readonly content: readonly WireBlock[];
}

/**
 * A conversation as Anthropic wants it: results stand first in the user's message after their calls, neighbours of one
 * role are one message, and nothing empty is sent.
 */
export function toMessages(messages: readonly Message[], providerName: string): readonly WireMessage[] {
  const ids = createCallIds(toCallId);
  const sent: { role: "user" | "assistant"; content: WireBlock[] }[] = [];
  for (const message of messages) {
    const role = message.role === "assistant" ? "assistant" : "user";
    const content = toBlocks(message, { ids, providerName });
    if (content.length === 0) continue;
    const last = sent.at(-1);
    if (last?.role === role) last.content.push(...content);
    else sent.push({ role, content: [...content] });
  }
  return sent;
}

interface Context {
  readonly ids: CallIds;
  readonly providerName: string;
}

function toBlocks(message: Message, context: Context): readonly WireBlock[] {
  switch (message.role) {
    case "user":
      return message.content.flatMap(toUserBlock);
    case "assistant":
      return withoutLastThinking(message.content.flatMap((block) => toAssistantBlock(block, context)));
    case "tool":
      return message.content.map((result) => toResultBlock(result, context.ids));
    default:
      return assertNever(message);
  }
}

function toUserBlock(block: UserContent): readonly WireBlock[] {
  switch (block.type) {
    case "text":
      return toTextBlock(block);
    case "image":
      return [{ type: "image", source: toBase64Source(block) }];
    case "document":
      return [toDocumentBlock(block)];
    default:
      return assertNever(block);
  }
}

/** Text without a visible character is refused. */
function toTextBlock({ text }: TextBlock): readonly WireBlock[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}

function toDocumentBlock(block: DocumentBlock): WireBlock {
  const title = block.name === undefined ? {} : { title: block.name };
  if (block.mediaType === "application/pdf") {
    return { type: "document", source: toBase64Source(block), ...title };
  }
  const data = Buffer.from(block.data, "base64").toString();
  return { type: "document", source: { type: "text", media_type: "text/plain", data }, ...title };
}

function toBase64Source({ mediaType, data }: ImageBlock | DocumentBlock): object {
  return { type: "base64", media_type: mediaType, data };
}

function toAssistantBlock(block: AssistantContent, { ids, providerName }: Context): readonly WireBlock[] {
  switch (block.type) {
    case "text":
      return toTextBlock(block);
    case "reasoning": {
      const { signature, text } = block;
      if (block.provider !== providerName || signature === undefined) return [];
      if (block.redacted === true) return [{ type: "redacted_thinking", data: signature }];
      return [{ type: "thinking", thinking: text, signature }];
    }
    case "tool_call": {
      // Broken arguments go back as the `{}` they were read as: Anthropic takes nothing but an object.
      const input = isJsonObject(block.input) ? block.input : {};
      return [{ type: "tool_use", id: ids.begin(block.id), name: toToolName(block.name), input }];
    }
    default:
      return assertNever(block);
  }
}

/** A message must not end with thinking, as one does that was cut off in it. */
function withoutLastThinking(blocks: readonly WireBlock[]): readonly WireBlock[] {
  const last = blocks.findLastIndex(({ type }) => type !== "thinking" && type !== "redacted_thinking");
  return blocks.slice(0, last + 1);
}

function toResultBlock({ callId, content, isError }: ToolResultBlock, ids: CallIds): WireBlock {
  const blocks = content.flatMap(toUserBlock);
  return {
    type: "tool_result",
    tool_use_id: ids.of(callId),
    ...(blocks.length === 0 ? {} : { content: blocks }),
    ...(isError === true ? { is_error: true } : {}),
  };
}

/** Anthropic takes letters, digits, `_` and `-` in an id, and each id once. */
function toCallId(id: string, attempt: number): string {
  if (attempt === 0 && /^[a-zA-Z0-9_-]+$/.test(id)) return id;
  return `toolu_${createHash("sha256").update(`${attempt}:${id}`).digest("hex").slice(0, 24)}`;
}
