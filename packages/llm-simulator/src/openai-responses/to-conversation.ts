import type { Conversation, ConversationMessage, ConversationTool } from "../conversation.ts";
import { toFileOfUrl } from "../to-file.ts";
import type { ResponsesItem, ResponsesPart, ResponsesRequest } from "./responses-request.ts";
import { isMessage, itemsOf, partsOf, summaryOf } from "./responses-request.ts";

/** The neutral view of a request. Messages and tools are mapped only when somebody looks at them. */
export function toConversation(request: ResponsesRequest, requestNumber: number): Conversation {
  let messages: readonly ConversationMessage[] | undefined;
  let tools: readonly ConversationTool[] | undefined;
  const items = itemsOf(request.input);
  return {
    requestNumber,
    model: request.model,
    stream: request.stream === true,
    maxOutputTokens: request.max_output_tokens ?? undefined,
    get system(): string {
      const texts = items.filter(isSystem).map(({ content }) => textOf(partsOf(content)));
      return [request.instructions ?? "", ...texts].filter((text) => text !== "").join("\n\n");
    },
    get messages(): readonly ConversationMessage[] {
      messages ??= toMessages(items.filter((item) => !isSystem(item)));
      return messages;
    },
    get tools(): readonly ConversationTool[] {
      tools ??= (request.tools ?? []).map((tool) => ({
        name: String(tool.name),
        description: tool.description ?? "",
        inputSchema: tool.parameters,
        ...(tool.strict === true ? { strict: true } : {}),
      }));
      return tools;
    },
    get toolChoice(): Conversation["toolChoice"] {
      const choice = request.tool_choice;
      if (typeof choice === "object") return { tool: choice.name ?? "" };
      return choice === "required" || choice === "none" ? choice : "auto";
    },
  };
}

function isSystem({ role }: ResponsesItem): boolean {
  return role === "system" || role === "developer";
}

/** Thinking, words and calls of the assistant are items here; what stands together is one message. */
function toMessages(items: readonly ResponsesItem[]): readonly ConversationMessage[] {
  const messages: ConversationMessage[] = [];
  let own: ResponsesItem[] = [];
  const flush = (): void => {
    if (own.length > 0) messages.push(toAssistantMessage(own));
    own = [];
  };
  for (const item of items) {
    if (item.type === "function_call_output") {
      flush();
      messages.push({
        role: "tool",
        callId: item.call_id ?? "",
        toolCalls: [],
        ...contentOf(partsOf(item.output)),
      });
    } else if (isMessage(item) && item.role !== "assistant") {
      flush();
      messages.push({ role: "user", toolCalls: [], ...contentOf(partsOf(item.content)) });
    } else {
      own.push(item);
    }
  }
  flush();
  return messages;
}

function toAssistantMessage(items: readonly ResponsesItem[]): ConversationMessage {
  const reasoning = items.filter(({ type }) => type === "reasoning");
  return {
    role: "assistant",
    ...contentOf(items.filter(isMessage).flatMap(({ content }) => partsOf(content))),
    toolCalls: items
      .filter(({ type }) => type === "function_call")
      .map(({ call_id: id = "", name = "", arguments: text = "" }) => {
        return { id, name, input: parseJson(text), arguments: text };
      }),
    ...(reasoning.length === 0 ? {} : { reasoning: reasoning.map(summaryOf).join("") }),
    signatures: reasoning.flatMap(({ encrypted_content: content }) => content ?? []),
  };
}

function contentOf(
  parts: readonly ResponsesPart[],
): Pick<ConversationMessage, "text" | "images" | "documents"> {
  return {
    text: textOf(parts),
    images: parts.flatMap(({ image_url: url }) => (url === undefined ? [] : toFileOfUrl(url))),
    documents: parts.flatMap(({ file_data: data, filename }) =>
      data === undefined ? [] : toFileOfUrl(data, filename),
    ),
  };
}

function textOf(parts: readonly ResponsesPart[]): string {
  return parts.flatMap((part) => part.text ?? part.refusal ?? []).join("\n");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
