import type {
  Conversation,
  ConversationFile,
  ConversationMessage,
  ConversationTool,
  ConversationToolCall,
} from "../conversation.ts";
import { toFileOfUrl } from "../to-file.ts";
import type { ChatMessage, ChatRequest } from "./chat-request.ts";

/** The neutral view of a request. Messages and tools are mapped only when somebody looks at them. */
export function toConversation(request: ChatRequest, requestNumber: number): Conversation {
  let messages: readonly ConversationMessage[] | undefined;
  let tools: readonly ConversationTool[] | undefined;
  return {
    requestNumber,
    model: request.model,
    stream: request.stream === true,
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
    get system(): string {
      return request.messages
        .filter(isSystem)
        .map(({ content }) => textOf(content))
        .join("\n\n");
    },
    get messages(): readonly ConversationMessage[] {
      messages ??= request.messages.filter((message) => !isSystem(message)).map(toMessage);
      return messages;
    },
    get tools(): readonly ConversationTool[] {
      tools ??= (request.tools ?? []).map(({ function: definition }) => ({
        name: String(definition?.name),
        description: definition?.description ?? "",
        inputSchema: definition?.parameters,
        ...(definition?.strict === true ? { strict: true } : {}),
      }));
      return tools;
    },
    get toolChoice(): Conversation["toolChoice"] {
      const choice = request.tool_choice;
      if (typeof choice === "object") return { tool: choice.function?.name ?? "" };
      return choice === "required" || choice === "none" ? choice : "auto";
    },
  };
}

function isSystem({ role }: ChatMessage): boolean {
  return role === "system" || role === "developer";
}

function toMessage(message: ChatMessage): ConversationMessage {
  return {
    role: message.role === "assistant" || message.role === "tool" ? message.role : "user",
    text: textOf(message.content),
    images: filesOf(message.content, "image_url"),
    documents: filesOf(message.content, "file"),
    toolCalls: (message.tool_calls ?? []).map(
      ({ id, function: { name, arguments: text } }): ConversationToolCall => ({
        id,
        name,
        input: parseJson(text),
        arguments: text,
      }),
    ),
    callId: message.tool_call_id,
    reasoning: message.reasoning_content ?? message.reasoning,
  };
}

function textOf(content: ChatMessage["content"]): string {
  if (typeof content === "string") return content;
  return (content ?? []).flatMap((part) => part.text ?? part.refusal ?? []).join("\n");
}

function filesOf(content: ChatMessage["content"], type: "image_url" | "file"): readonly ConversationFile[] {
  if (content === undefined || content === null || typeof content === "string") return [];
  return content
    .filter((part) => part.type === type)
    .map(({ image_url: image, file }) =>
      file === undefined ? toFileOfUrl(image?.url ?? "") : toFileOfUrl(file.file_data ?? "", file.filename),
    );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
