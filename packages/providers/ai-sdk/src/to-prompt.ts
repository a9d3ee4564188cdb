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
import { type CallIds, createCallIds, toToolName } from "@agentwerk/core/provider-kit";
import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4ToolResultPart,
  SharedV4ProviderMetadata,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider";
import type { AiSdkSettings } from "./ai-sdk-options.ts";
import { readCarried } from "./provider-metadata.ts";

export interface ConversationToSend {
  readonly system: string;
  readonly messages: readonly Message[];
  readonly settings: Pick<AiSdkSettings, "providerName" | "rules">;
}

/** What the messages of one conversation share. */
interface Context {
  /** Thinking goes back only to the provider that it came from. */
  readonly providerName: string;
  readonly ids: CallIds;
  /** The tool of the newest call with an id. */
  readonly toolNames: Map<string, string>;
}

/** A conversation as the AI SDK wants it; nothing empty is sent, because several vendors refuse it. */
export function toPrompt({ system, messages, settings }: ConversationToSend): LanguageModelV4Prompt {
  const { providerName, rules } = settings;
  const { cacheMark } = rules;
  const context = { providerName, ids: createCallIds(rules.toCallId), toolNames: new Map<string, string>() };
  const mapped = messages.flatMap((message) => toMessages(message, context));
  const conversation = rules.refusesUserAfterResults ? mapped.flatMap(withBridge) : mapped;
  const last = conversation.pop();
  return [
    ...(system === "" ? [] : [{ role: "system", content: system, ...optionsOf(cacheMark) } as const]),
    ...conversation,
    // Up to these marks a vendor may cache.
    ...(last === undefined ? [] : [{ ...last, ...optionsOf(cacheMark) }]),
  ];
}

/** Puts a short answer between results and the user's next message. */
function withBridge(
  message: LanguageModelV4Message,
  index: number,
  conversation: readonly LanguageModelV4Message[],
): readonly LanguageModelV4Message[] {
  if (message.role !== "user" || conversation[index - 1]?.role !== "tool") return [message];
  return [{ role: "assistant", content: [{ type: "text", text: "Understood." }] }, message];
}

function toMessages(message: Message, context: Context): readonly LanguageModelV4Message[] {
  switch (message.role) {
    case "user": {
      const content = message.content.flatMap(toUserParts);
      return content.length === 0 ? [] : [{ role: "user", content }];
    }
    case "assistant": {
      const content = toAssistantParts(message.content, context);
      return content.length === 0 ? [] : [{ role: "assistant", content }];
    }
    case "tool":
      return toToolMessages(message.content, context);
    default:
      return assertNever(message);
  }
}

function toUserParts(block: UserContent): readonly (LanguageModelV4TextPart | LanguageModelV4FilePart)[] {
  switch (block.type) {
    case "text":
      return isBlank(block.text) ? [] : [{ type: "text", text: block.text }];
    case "image":
      return [toFilePart(block)];
    case "document":
      return [block.mediaType.startsWith("text/") ? toDocumentText(block) : toFilePart(block)];
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

function toAssistantParts(
  blocks: readonly AssistantContent[],
  { providerName, ids, toolNames }: Context,
): AssistantMessage["content"] {
  const parts: AssistantMessage["content"] = [];
  let carried: SharedV4ProviderMetadata | undefined;
  for (const block of blocks) {
    if (block.type === "reasoning") {
      const read = readCarried(block, providerName);
      if (read?.owner === "next_block") carried = read.metadata;
      else if (read !== undefined) {
        parts.push({ type: "reasoning", text: block.text, ...optionsOf(read.metadata) });
      }
      continue;
    }
    if (block.type === "tool_call") {
      const { id, input } = block;
      const name = toToolName(block.name);
      toolNames.set(id, name);
      parts.push({
        type: "tool-call",
        toolCallId: ids.begin(id),
        toolName: name,
        input,
        ...optionsOf(carried),
      });
    } else if (!isBlank(block.text)) {
      parts.push({ type: "text", text: block.text, ...optionsOf(carried) });
    }
    carried = undefined;
  }
  return parts;
}

/**
 * Few of the SDK's providers take files inside a result, and some write them out as text. So they follow in a message of
 * the user after the last result, which all understand.
 */
function toToolMessages(
  results: readonly ToolResultBlock[],
  { ids, toolNames }: Context,
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
    content.push({ type: "tool-result", toolCallId: ids.of(callId), toolName, output });
    if (files.length === 0) continue;
    attachments.push(
      { type: "text", text: `Content of the tool result ${callId}:` },
      ...files.flatMap(toUserParts),
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

function isBlank(text: string): boolean {
  return text.trim() === "";
}

function optionsOf(metadata: SharedV4ProviderMetadata | undefined): {
  providerOptions?: SharedV4ProviderOptions;
} {
  return metadata === undefined ? {} : { providerOptions: metadata };
}
