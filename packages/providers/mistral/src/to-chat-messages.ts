import { createHash } from "node:crypto";
import type {
  AssistantContent,
  DocumentBlock,
  ImageBlock,
  Message,
  ToolResultBlock,
  UserContent,
} from "@agentwerk/core";
import { assertNever } from "@agentwerk/core";
import { type CallIds, createCallIds, toToolName } from "@agentwerk/core/provider-kit";
import type { ContentChunk, ToolCall } from "@mistralai/mistralai/models/components";

/** In the names of the SDK. */
export type ChatMessage =
  | { readonly role: "user"; content: string | ContentChunk[] }
  | { readonly role: "assistant"; content?: string | ContentChunk[]; toolCalls?: ToolCall[] }
  | { readonly role: "tool"; content: string | ContentChunk[]; toolCallId: string; name?: string };

/** Mistral refuses a message of the user right after a tool's; this stands between them. */
const bridge = "Understood.";

/** A conversation as Mistral wants it: neighbours of the user are one message, and nothing empty is sent. */
export function toChatMessages(messages: readonly Message[], providerName: string): ChatMessage[] {
  const context: Context = { providerName, ids: createCallIds(toCallId), names: new Map() };
  const sent: ChatMessage[] = [];
  for (const message of messages) {
    switch (message.role) {
      case "user":
        pushUserMessage(sent, message.content.flatMap(toChunk));
        break;
      case "assistant":
        pushAssistantMessage(sent, message.content, context);
        break;
      case "tool":
        for (const result of message.content) sent.push(toToolMessage(result, context));
        break;
      default:
        assertNever(message);
    }
  }
  return sent;
}

interface Context {
  readonly providerName: string;
  readonly ids: CallIds;
  /** The name of the tool by the id of its call. */
  readonly names: Map<string, string>;
}

function pushUserMessage(sent: ChatMessage[], chunks: ContentChunk[]): void {
  if (chunks.length === 0) return;
  const last = sent.at(-1);
  if (last?.role === "user") {
    last.content = [...chunksOf(last.content), ...chunks];
    return;
  }
  if (last?.role === "tool") sent.push({ role: "assistant", content: bridge });
  sent.push({ role: "user", content: toContent(chunks) });
}

function chunksOf(content: string | ContentChunk[]): ContentChunk[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

/** One text goes as a string, which every model takes. */
function toContent(chunks: ContentChunk[]): string | ContentChunk[] {
  const [first] = chunks;
  return chunks.length === 1 && first?.type === "text" ? first.text : chunks;
}

function pushAssistantMessage(
  sent: ChatMessage[],
  content: readonly AssistantContent[],
  { providerName, ids, names }: Context,
): void {
  const chunks: ContentChunk[] = [];
  const toolCalls: ToolCall[] = [];
  for (const block of content) {
    switch (block.type) {
      case "text":
        chunks.push(...toTextChunk(block.text));
        break;
      case "reasoning":
        if (block.provider === providerName) chunks.push(toThinkChunk(block));
        break;
      case "tool_call": {
        const name = toToolName(block.name);
        names.set(block.id, name);
        // Broken arguments go back as the `{}` they were read as.
        const called = { name, arguments: JSON.stringify(block.input) };
        toolCalls.push({
          id: ids.begin(block.id),
          type: "function",
          function: called,
          index: toolCalls.length,
        });
        break;
      }
      default:
        assertNever(block);
    }
  }
  const saysSomething = chunks.some(({ type }) => type !== "thinking");
  if (!saysSomething && toolCalls.length === 0) return;
  sent.push({
    role: "assistant",
    ...(chunks.length === 0 ? {} : { content: toContent(chunks) }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  });
}

function toThinkChunk({ text, signature }: Extract<AssistantContent, { type: "reasoning" }>): ContentChunk {
  return {
    type: "thinking",
    thinking: text === "" ? [] : [{ type: "text", text }],
    ...(signature === undefined ? {} : { signature }),
    closed: true,
  };
}

function toToolMessage({ callId, content, isError }: ToolResultBlock, { ids, names }: Context): ChatMessage {
  const chunks = content.flatMap(toChunk);
  // There is no field for failures, so the text has to say it.
  const [first] = chunks;
  const name = names.get(callId);
  const isMarked = first?.type === "text" && /^error\b/i.test(first.text);
  if (isError === true && !isMarked) chunks.unshift({ type: "text", text: "Error:" });
  return {
    role: "tool",
    content: chunks.length === 0 ? "" : toContent(joinTexts(chunks)),
    toolCallId: ids.of(callId),
    ...(name === undefined ? {} : { name }),
  };
}

/** Texts in a row become one, so that a result of texts alone is a string. */
function joinTexts(chunks: readonly ContentChunk[]): ContentChunk[] {
  const joined: ContentChunk[] = [];
  for (const chunk of chunks) {
    const last = joined.at(-1);
    if (last?.type === "text" && chunk.type === "text") {
      const separator = last.text === "Error:" ? " " : "\n\n";
      joined[joined.length - 1] = { type: "text", text: last.text + separator + chunk.text };
    } else {
      joined.push(chunk);
    }
  }
  return joined;
}

function toChunk(block: UserContent): ContentChunk[] {
  switch (block.type) {
    case "text":
      return toTextChunk(block.text);
    case "image":
      return [{ type: "image_url", imageUrl: { url: toDataUrl(block) } }];
    case "document":
      return [toDocumentChunk(block)];
    default:
      return assertNever(block);
  }
}

function toTextChunk(text: string): ContentChunk[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}

function toDocumentChunk(block: DocumentBlock): ContentChunk {
  if (block.mediaType.startsWith("text/")) {
    const text = Buffer.from(block.data, "base64").toString();
    return { type: "text", text: block.name === undefined ? text : `${block.name}:\n\n${text}` };
  }
  return {
    type: "document_url",
    documentUrl: toDataUrl(block),
    ...(block.name === undefined ? {} : { documentName: block.name }),
  };
}

function toDataUrl({ mediaType, data }: ImageBlock | DocumentBlock): string {
  return `data:${mediaType};base64,${data}`;
}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Mistral takes nine letters and digits. 62⁹ is enough that two ids of a conversation do not meet. */
function toCallId(id: string, attempt: number): string {
  if (attempt === 0 && /^[a-zA-Z0-9]{9}$/.test(id)) return id;
  const hash = createHash("sha256").update(`${attempt}:${id}`).digest();
  return Array.from(hash.subarray(0, 9), (byte) => alphabet.charAt(byte % alphabet.length)).join("");
}
