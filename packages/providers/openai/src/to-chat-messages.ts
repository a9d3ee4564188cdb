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
import { assertNever, textOf } from "@agentwerk/core";
import { toToolName } from "@agentwerk/core/provider-kit";
import type { ChatThinkingBlock } from "./chat-completion.ts";
import type { Compatibility } from "./compatibility.ts";
import { toThinkingBlocks } from "./thinking-blocks.ts";

export type ChatPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image_url"; readonly image_url: { readonly url: string } }
  | { readonly type: "file"; readonly file: { readonly filename: string; readonly file_data: string } };

export interface ChatToolCall {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: string };
}

export type ChatMessage =
  | { readonly role: "system" | "developer"; readonly content: string }
  | { readonly role: "user"; readonly content: string | readonly ChatPart[] }
  | {
      readonly role: "assistant";
      readonly content: string | null;
      readonly tool_calls?: readonly ChatToolCall[];
      readonly reasoning_content?: string;
      readonly reasoning?: string;
      readonly thinking_blocks?: readonly ChatThinkingBlock[];
    }
  | { readonly role: "tool"; readonly tool_call_id: string; readonly content: string };

export interface ConversationToSend {
  readonly system: string;
  readonly messages: readonly Message[];
  /** Thinking goes back only to the provider that it came from. */
  readonly providerName: string;
  readonly compatibility: Compatibility;
}

/** A conversation as chat completions want it. */
export function toChatMessages(conversation: ConversationToSend): readonly ChatMessage[] {
  const sent: ChatMessage[] = [];
  const { system, compatibility } = conversation;
  if (system !== "") sent.push({ role: compatibility.systemRole, content: system });
  for (const message of conversation.messages) {
    switch (message.role) {
      case "user":
        sent.push({ role: "user", content: toUserContent(message.content) });
        break;
      case "assistant":
        sent.push(toAssistantMessage(message.content, conversation));
        break;
      case "tool":
        pushToolResults(sent, message.content);
        break;
      default:
        assertNever(message);
    }
  }
  return sent;
}

function toUserContent(content: readonly UserContent[]): string | readonly ChatPart[] {
  const [first] = content;
  if (content.length === 1 && first?.type === "text") return first.text;
  return content.map(toPart);
}

function toPart(block: UserContent): ChatPart {
  switch (block.type) {
    case "text":
      return { type: "text", text: block.text };
    case "image":
      return { type: "image_url", image_url: { url: toDataUrl(block) } };
    case "document":
      return toDocumentPart(block);
    default:
      return assertNever(block);
  }
}

function toDocumentPart(block: DocumentBlock): ChatPart {
  if (block.mediaType.startsWith("text/")) {
    const text = Buffer.from(block.data, "base64").toString();
    return { type: "text", text: block.name === undefined ? text : `${block.name}:\n\n${text}` };
  }
  return { type: "file", file: { filename: block.name ?? "document.pdf", file_data: toDataUrl(block) } };
}

function toDataUrl({ mediaType, data }: ImageBlock | DocumentBlock): string {
  return `data:${mediaType};base64,${data}`;
}

function toAssistantMessage(
  content: readonly AssistantContent[],
  { providerName, compatibility }: ConversationToSend,
): ChatMessage {
  const text = textOf(content);
  const calls = content.filter((block) => block.type === "tool_call");
  return {
    role: "assistant",
    // A message without calls must have a text, be it an empty one.
    content: text === "" && calls.length > 0 ? null : text,
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ id, name, input }) => {
            // Broken arguments go back as the `{}` they were read as: templates of local servers parse them again and fail.
            return {
              id: toCallId(id),
              type: "function" as const,
              function: { name: toToolName(name), arguments: JSON.stringify(input) },
            };
          }),
        }),
    ...toThinking(content, { field: compatibility.reasoningField, providerName }),
  };
}

/** From OpenAI's own refusal: a longer id, as another vendor may have given, is too long. */
const longestCallId = 40;

function toCallId(id: string): string {
  if (id.length <= longestCallId) return id;
  return `call_${createHash("sha256").update(id).digest("hex").slice(0, 24)}`;
}

interface ThinkingOptions {
  readonly field: Compatibility["reasoningField"];
  readonly providerName: string;
}

function toThinking(content: readonly AssistantContent[], { field, providerName }: ThinkingOptions): object {
  if (field === undefined) return {};
  const thinking = (field === "thinking_blocks" ? toThinkingBlocks : reasoningOf)(content, providerName);
  return thinking.length === 0 ? {} : { [field]: thinking };
}

function reasoningOf(content: readonly AssistantContent[], providerName: string): string {
  let text = "";
  for (const block of content) {
    if (block.type === "reasoning" && block.provider === providerName) text += block.text;
  }
  return text;
}

/** Tool messages hold text only, so images and documents follow in a message of the user after the last result. */
function pushToolResults(sent: ChatMessage[], results: readonly ToolResultBlock[]): void {
  const attachments: ChatPart[] = [];
  for (const { callId, content, isError } of results) {
    const files = content.filter((block): block is Exclude<typeof block, TextBlock> => block.type !== "text");
    const text = toResultText(textOf(content), { isError: isError === true, files: files.length });
    sent.push({ role: "tool", tool_call_id: toCallId(callId), content: text });
    if (files.length === 0) continue;
    attachments.push({ type: "text", text: `Content of the tool result ${callId}:` }, ...files.map(toPart));
  }
  if (attachments.length > 0) sent.push({ role: "user", content: attachments });
}

/** There is no field for failures, so the text has to say it. */
function toResultText(
  text: string,
  { isError, files }: { readonly isError: boolean; readonly files: number },
): string {
  const note = text === "" && files > 0 ? "The content follows in the next message." : text;
  return isError && !/^error\b/i.test(note) ? `Error: ${note}` : note;
}
