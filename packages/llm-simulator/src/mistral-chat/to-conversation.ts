import type { Conversation, ConversationMessage, ConversationTool } from "../conversation.ts";
import { toFileOfUrl } from "../to-file.ts";
import type { MistralChunk, MistralMessage, MistralRequest, MistralToolCall } from "./mistral-request.ts";
import { chunksOf, thinkingOf } from "./mistral-request.ts";

/** The neutral view of a request. Messages and tools are mapped only when somebody looks at them. */
export function toConversation(request: MistralRequest, requestNumber: number): Conversation {
  let messages: readonly ConversationMessage[] | undefined;
  let tools: readonly ConversationTool[] | undefined;
  return {
    requestNumber,
    model: request.model,
    stream: request.stream === true,
    maxOutputTokens: request.max_tokens ?? undefined,
    get system(): string {
      return request.messages
        .filter(({ role }) => role === "system")
        .map(({ content }) => textOf(chunksOf(content)))
        .join("\n\n");
    },
    get messages(): readonly ConversationMessage[] {
      messages ??= request.messages.filter(({ role }) => role !== "system").map(toMessage);
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
      if (choice === "any" || choice === "required") return "required";
      return choice === "none" ? "none" : "auto";
    },
  };
}

function toMessage(message: MistralMessage): ConversationMessage {
  const { role, tool_calls: calls, tool_call_id: callId } = message;
  const chunks = chunksOf(message.content);
  const thinking = chunks.filter(({ type }) => type === "thinking");
  return {
    role: role === "assistant" || role === "tool" ? role : "user",
    text: textOf(chunks),
    images: chunks.flatMap(({ type, image_url: url }) =>
      type === "image_url" ? toFileOfUrl((typeof url === "object" ? url.url : url) ?? "") : [],
    ),
    documents: chunks.flatMap(({ type, document_url: url = "", document_name: name }) =>
      type === "document_url" ? toFileOfUrl(url, name ?? undefined) : [],
    ),
    toolCalls: (calls ?? []).map(toToolCall),
    ...(role === "tool" ? { callId: callId ?? "" } : {}),
    ...(thinking.length === 0 ? {} : { reasoning: thinking.map(thinkingOf).join("") }),
    ...(role === "assistant" ? { signatures: thinking.flatMap(({ signature }) => signature ?? []) } : {}),
  };
}

function toToolCall({
  id = "",
  function: called,
}: MistralToolCall): ConversationMessage["toolCalls"][number] {
  const given = called?.arguments;
  const text = typeof given === "string" ? given : JSON.stringify(given ?? {});
  return { id, name: called?.name ?? "", input: parseJson(text), arguments: text };
}

function textOf(chunks: readonly MistralChunk[]): string {
  return chunks.flatMap(({ type, text }) => (type === "text" ? (text ?? "") : [])).join("\n");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
