import type { Conversation, ConversationMessage, ConversationTool } from "../conversation.ts";
import { toFile } from "../to-file.ts";
import type { MessagesBlock, MessagesMessage, MessagesRequest } from "./messages-request.ts";
import { blocksOf } from "./messages-request.ts";

/** The neutral view of a request. Messages and tools are mapped only when somebody looks at them. */
export function toConversation(request: MessagesRequest, requestNumber: number): Conversation {
  let messages: readonly ConversationMessage[] | undefined;
  let tools: readonly ConversationTool[] | undefined;
  return {
    requestNumber,
    model: request.model,
    stream: request.stream === true,
    maxOutputTokens: request.max_tokens,
    get system(): string {
      return textOf(blocksOf(request.system), "\n\n");
    },
    get messages(): readonly ConversationMessage[] {
      messages ??= request.messages.flatMap(toMessages);
      return messages;
    },
    get tools(): readonly ConversationTool[] {
      tools ??= (request.tools ?? []).map((tool) => ({
        name: String(tool.name),
        description: tool.description ?? "",
        inputSchema: tool.input_schema,
        ...(tool.strict === true ? { strict: true } : {}),
      }));
      return tools;
    },
    get toolChoice(): Conversation["toolChoice"] {
      const { type, name } = request.tool_choice ?? {};
      if (type === "tool") return { tool: name ?? "" };
      if (type === "any") return "required";
      return type === "none" ? "none" : "auto";
    },
  };
}

/** Results stand in messages of the user here; in the neutral view each is a message of its own. */
function toMessages({ role, content }: MessagesMessage): readonly ConversationMessage[] {
  const blocks = blocksOf(content);
  if (role === "assistant") return [toAssistantMessage(blocks)];
  const results = blocks.filter(({ type }) => type === "tool_result").map(toToolMessage);
  const others = blocks.filter(({ type }) => type !== "tool_result");
  return others.length === 0 ? results : [...results, { role: "user", toolCalls: [], ...contentOf(others) }];
}

function toAssistantMessage(blocks: readonly MessagesBlock[]): ConversationMessage {
  const calls = blocks.filter(({ type }) => type === "tool_use");
  const thinking = blocks.filter(({ type }) => type === "thinking" || type === "redacted_thinking");
  return {
    role: "assistant",
    ...contentOf(blocks),
    toolCalls: calls.map(({ id = "", name = "", input }) => {
      return { id, name, input, arguments: JSON.stringify(input) ?? "" };
    }),
    ...(thinking.length === 0 ? {} : { reasoning: thinking.map((block) => block.thinking ?? "").join("") }),
    signatures: thinking.map((block) => block.signature ?? block.data ?? ""),
  };
}

function toToolMessage({
  tool_use_id: callId,
  content,
  is_error: isError,
}: MessagesBlock): ConversationMessage {
  return {
    role: "tool",
    toolCalls: [],
    callId,
    ...(isError === true ? { isError } : {}),
    ...contentOf(blocksOf(content)),
  };
}

function contentOf(
  blocks: readonly MessagesBlock[],
): Pick<ConversationMessage, "text" | "images" | "documents"> {
  return {
    text: textOf(blocks, "\n"),
    images: blocks.filter(({ type }) => type === "image").map(toMessageFile),
    documents: blocks.filter(({ type }) => type === "document").map(toMessageFile),
  };
}

function toMessageFile({ source, title }: MessagesBlock): ReturnType<typeof toFile> {
  return toFile({ mediaType: source?.media_type, data: source?.data, name: title ?? undefined });
}

function textOf(blocks: readonly MessagesBlock[], separator: string): string {
  return blocks.flatMap(({ type, text }) => (type === "text" ? (text ?? "") : [])).join(separator);
}
