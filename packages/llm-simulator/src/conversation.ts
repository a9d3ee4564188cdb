/** A model request in no vendor's format: what a reply function and a script's expectations look at. */
export interface Conversation {
  /** Counts every model request of this simulator, from 1. */
  readonly requestNumber: number;
  readonly model: string;
  /** All system and developer messages, joined by blank lines. */
  readonly system: string;
  /** Without system messages. */
  readonly messages: readonly ConversationMessage[];
  readonly tools: readonly ConversationTool[];
  readonly toolChoice: "auto" | "required" | "none" | { readonly tool: string };
  readonly stream: boolean;
  readonly maxOutputTokens: number | undefined;
}

export interface ConversationMessage {
  readonly role: "user" | "assistant" | "tool";
  /** Text parts, joined by line breaks. */
  readonly text: string;
  readonly images: readonly ConversationFile[];
  /** Other files, such as PDFs. */
  readonly documents: readonly ConversationFile[];
  /** Calls of an assistant message. */
  readonly toolCalls: readonly ConversationToolCall[];
  /** Of a tool message: the id of the call that it answers. */
  readonly callId?: string | undefined;
  /** Of a tool message: the call failed, where the format has a field for it. */
  readonly isError?: boolean | undefined;
  /** Thinking that the client sent back. */
  readonly reasoning?: string | undefined;
  /** The vendor's proofs of that thinking, one for each block of it; absent in formats without any. */
  readonly signatures?: readonly string[] | undefined;
}

export interface ConversationFile {
  readonly mediaType?: string | undefined;
  /** Base64, or text where the format has text files; absent when the file was given as a link. */
  readonly data?: string | undefined;
  readonly url?: string | undefined;
  readonly name?: string | undefined;
}

export interface ConversationToolCall {
  readonly id: string;
  readonly name: string;
  /** Parsed arguments; `undefined` when they are not JSON. */
  readonly input: unknown;
  /** The arguments as they came. */
  readonly arguments: string;
}

export interface ConversationTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
  /** The vendor is asked to enforce the schema. */
  readonly strict?: boolean | undefined;
}

/** A tool's answer, joined with the call that asked for it. */
export interface ConversationToolResult {
  readonly callId: string;
  readonly name: string;
  readonly input: unknown;
  readonly text: string;
}

/** The text of the newest user message; empty when there is none. */
export function lastUserText(conversation: Conversation): string {
  return conversation.messages.findLast((message) => message.role === "user")?.text ?? "";
}

/** The results of the newest turn's tool calls, in order; empty when the model has not just called a tool. */
export function lastToolResults(conversation: Conversation): readonly ConversationToolResult[] {
  const { messages } = conversation;
  const turn = messages.findLastIndex((message) => message.role === "assistant");
  const calls = messages[turn]?.toolCalls ?? [];
  const results: ConversationToolResult[] = [];
  for (const message of messages.slice(turn + 1)) {
    if (message.role !== "tool") continue;
    const call = calls.find(({ id }) => id === message.callId);
    if (call === undefined) continue;
    results.push({ callId: call.id, name: call.name, input: call.input, text: message.text });
  }
  return results;
}
