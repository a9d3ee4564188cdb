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
import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4ToolResultPart,
  SharedV4ProviderMetadata,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider";
import { readCarried } from "./provider-metadata.ts";

export interface ConversationToSend {
  readonly system: string;
  readonly messages: readonly Message[];
  /** Thinking goes back only to the provider that it came from. */
  readonly providerName: string;
  /** Marks the system prompt and the last message, up to which a vendor may cache. */
  readonly cacheMark: SharedV4ProviderOptions | undefined;
}

/** A conversation as the AI SDK wants it. */
export function toPrompt({
  system,
  messages,
  providerName,
  cacheMark,
}: ConversationToSend): LanguageModelV4Prompt {
  const prompt: LanguageModelV4Message[] = [];
  if (system !== "") prompt.push({ role: "system", content: system, ...optionsOf(cacheMark) });
  const toolNames = new Map<string, string>();
  for (const message of messages) {
    switch (message.role) {
      case "user":
        prompt.push({ role: "user", content: message.content.map(toUserPart) });
        break;
      case "assistant":
        for (const block of message.content)
          if (block.type === "tool_call") toolNames.set(block.id, block.name);
        prompt.push(...toAssistantMessage(message.content, providerName));
        break;
      case "tool":
        prompt.push(...toToolMessages(message.content, toolNames));
        break;
      default:
        assertNever(message);
    }
  }
  const last = prompt.pop();
  if (last !== undefined) prompt.push(last.role === "system" ? last : { ...last, ...optionsOf(cacheMark) });
  return prompt;
}

function toUserPart(block: UserContent): LanguageModelV4TextPart | LanguageModelV4FilePart {
  switch (block.type) {
    case "text":
      return { type: "text", text: block.text };
    case "image":
      return toFilePart(block);
    case "document":
      return block.mediaType.startsWith("text/") ? toDocumentText(block) : toFilePart(block);
    default:
      return assertNever(block);
  }
}

function toFilePart(block: ImageBlock | DocumentBlock): LanguageModelV4FilePart {
  const name = block.type === "document" && block.name !== undefined ? { filename: block.name } : {};
  return { type: "file", mediaType: block.mediaType, data: { type: "data", data: block.data }, ...name };
}

function toDocumentText({ data, name }: DocumentBlock): LanguageModelV4TextPart {
  const text = Buffer.from(data, "base64").toString();
  return { type: "text", text: name === undefined ? text : `${name}:\n\n${text}` };
}

type AssistantMessage = Extract<LanguageModelV4Message, { role: "assistant" }>;

/** None for an empty answer: several vendors refuse one. */
function toAssistantMessage(
  blocks: readonly AssistantContent[],
  providerName: string,
): readonly AssistantMessage[] {
  const content: AssistantMessage["content"] = [];
  let carried: SharedV4ProviderMetadata | undefined;
  for (const block of blocks) {
    if (block.type === "reasoning") {
      const read = readCarried(block, providerName);
      if (read?.owner === "next_block") carried = read.metadata;
      else if (read !== undefined) {
        content.push({ type: "reasoning", text: block.text, ...optionsOf(read.metadata) });
      }
      continue;
    }
    if (block.type === "tool_call") {
      const { id, name, input } = block;
      content.push({ type: "tool-call", toolCallId: id, toolName: name, input, ...optionsOf(carried) });
    } else if (block.text !== "") {
      content.push({ type: "text", text: block.text, ...optionsOf(carried) });
    }
    carried = undefined;
  }
  return content.length === 0 ? [] : [{ role: "assistant", content }];
}

/**
 * Few of the SDK's providers take files inside a result, and some write them out as text. So they follow in a message of
 * the user after the last result, which all understand.
 */
function toToolMessages(
  results: readonly ToolResultBlock[],
  toolNames: ReadonlyMap<string, string>,
): readonly LanguageModelV4Message[] {
  const content: LanguageModelV4ToolResultPart[] = [];
  const attachments: (LanguageModelV4TextPart | LanguageModelV4FilePart)[] = [];
  for (const result of results) {
    const { callId } = result;
    const files = result.content.filter(
      (block): block is Exclude<typeof block, TextBlock> => block.type !== "text",
    );
    const toolName = toolNames.get(callId) ?? "unknown";
    const output = toOutput(result, { hasFiles: files.length > 0 });
    content.push({ type: "tool-result", toolCallId: callId, toolName, output });
    if (files.length === 0) continue;
    attachments.push(
      { type: "text", text: `Content of the tool result ${callId}:` },
      ...files.map(toUserPart),
    );
  }
  const answers: LanguageModelV4Message = { role: "tool", content };
  return attachments.length === 0 ? [answers] : [answers, { role: "user", content: attachments }];
}

/** A failure is marked, and says so in words too: not every vendor has a field for it. */
function toOutput(
  { content, isError }: ToolResultBlock,
  { hasFiles }: { readonly hasFiles: boolean },
): LanguageModelV4ToolResultPart["output"] {
  const text = textOf(content);
  const value = text === "" && hasFiles ? "The content follows in the next message." : text;
  if (isError !== true) return { type: "text", value };
  return { type: "error-text", value: /^error\b/i.test(value) ? value : `Error: ${value}` };
}

function optionsOf(metadata: SharedV4ProviderMetadata | undefined): {
  providerOptions?: SharedV4ProviderOptions;
} {
  return metadata === undefined ? {} : { providerOptions: metadata };
}
