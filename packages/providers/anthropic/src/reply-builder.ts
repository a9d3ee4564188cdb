import type { AssistantContent, ModelResponse, ResponseEvent, ToolCallBlock } from "@agentwerk/core";
import { isJsonObject } from "@agentwerk/core";
import { ownCallId, parseToolInput } from "@agentwerk/core/provider-kit";
import type { MessagesBlock, MessagesEvent, MessagesReply, MessagesUsage } from "./messages-reply.ts";
import { toStopReason } from "./to-stop-reason.ts";
import { toUsage } from "./to-usage.ts";

/** A block while it is being written. */
interface BlockDraft {
  readonly start: MessagesBlock;
  /** Text, thinking or arguments, by the kind of the block. */
  text: string;
  signature: string;
}

export interface ReplyBuilderOptions {
  readonly providerName: string;
  readonly onEvent: ((event: ResponseEvent) => void) | undefined;
}

/** Collects a reply from one whole message, or from the events of a stream. */
export class ReplyBuilder {
  readonly #options: ReplyBuilderOptions;
  readonly #blocks = new Map<number, BlockDraft>();
  #usage: MessagesUsage = {};
  #model: string | undefined;
  #stopReason: string | undefined;
  #explanation = "";
  #isFinished = false;

  constructor(options: ReplyBuilderOptions) {
    this.#options = options;
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  addMessage(message: MessagesReply): void {
    this.#addHead(message);
    for (const [index, block] of (message.content ?? []).entries()) this.#startBlock(index, block);
    this.#isFinished = true;
  }

  addEvent(event: MessagesEvent): void {
    switch (event.type) {
      case "message_start":
        if (event.message) this.#addHead(event.message);
        return;
      case "content_block_start":
        if (event.content_block) this.#startBlock(event.index ?? this.#blocks.size, event.content_block);
        return;
      case "content_block_delta":
        this.#addDelta(event);
        return;
      case "message_delta":
        this.#addHead({ ...event.delta, usage: event.usage ?? null });
        return;
      case "message_stop":
        this.#isFinished = true;
        return;
      default:
        // Pings and ends of blocks say nothing, and Anthropic adds kinds of events over time.
        return;
    }
  }

  /** Later numbers replace earlier ones; a field that is not there leaves what is known. */
  #addHead({ model, usage, stop_reason: stopReason, stop_details: details }: MessagesReply): void {
    if (model) this.#model = model;
    if (usage) this.#usage = { ...this.#usage, ...withoutNulls(usage) };
    if (stopReason) this.#stopReason = stopReason;
    if (details?.explanation) this.#explanation = details.explanation;
  }

  #startBlock(index: number, start: MessagesBlock): void {
    const { type, text, thinking, input } = start;
    // An object that is not empty is a whole call; in a stream the arguments follow as text.
    const isText = typeof input === "string";
    const draft = {
      start: isText ? { ...start, input: {} } : start,
      text: text ?? thinking ?? (isText ? input : ""),
      signature: start.signature ?? "",
    };
    this.#blocks.set(index, draft);
    if (type === "text" || type === "thinking") this.#tell(type, draft.text);
  }

  #addDelta({ index, delta }: MessagesEvent): void {
    const draft = this.#blocks.get(index ?? this.#blocks.size - 1);
    if (draft === undefined || !delta) return;
    const text = delta.text ?? delta.thinking ?? delta.partial_json ?? "";
    draft.text += text;
    draft.signature += delta.signature ?? "";
    if (delta.type === "text_delta") this.#tell("text", text);
    if (delta.type === "thinking_delta") this.#tell("thinking", text);
  }

  #tell(kind: "text" | "thinking", text: string): void {
    if (text === "") return;
    this.#options.onEvent?.({ type: kind === "text" ? "text" : "reasoning", text });
  }

  build(head: { readonly model: string; readonly requestId: string | undefined }): ModelResponse {
    const content: AssistantContent[] = [];
    const ids = new Set<string>();
    for (const draft of this.#blocks.values()) {
      const block = toBlock(draft, { provider: this.#options.providerName, ids });
      if (block !== undefined) content.push(block);
    }
    if (this.#stopReason === "refusal" && this.#explanation !== "" && !content.some(isText)) {
      content.push({ type: "text", text: this.#explanation });
      this.#tell("text", this.#explanation);
    }
    const hasToolCalls = content.some(({ type }) => type === "tool_call");
    return {
      content,
      stopReason: toStopReason(this.#stopReason, hasToolCalls),
      usage: toUsage(this.#usage),
      model: this.#model ?? head.model,
      requestId: head.requestId,
    };
  }
}

function isText({ type }: AssistantContent): boolean {
  return type === "text";
}

function withoutNulls(usage: MessagesUsage): MessagesUsage {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null));
}

/** `undefined` for an empty text, and for the blocks of tools that run on the server. */
function toBlock(
  { start, text, signature }: BlockDraft,
  { provider, ids }: { readonly provider: string; readonly ids: Set<string> },
): AssistantContent | undefined {
  switch (start.type) {
    case "text":
      return text === "" ? undefined : { type: "text", text };
    case "thinking":
      return { type: "reasoning", text, provider, ...(signature === "" ? {} : { signature }) };
    case "redacted_thinking":
      return { type: "reasoning", text: "", provider, redacted: true, signature: start.data ?? "" };
    case "tool_use":
      return { ...toToolCall(start, text), id: ownCallId(start.id, ids, "toolu_") };
    default:
      return undefined;
  }
}

function toToolCall({ name, input }: MessagesBlock, text: string): Omit<ToolCallBlock, "id"> {
  const head = { type: "tool_call", name: name ?? "" } as const;
  if (text.trim() === "" && isJsonObject(input)) return { ...head, input };
  return { ...head, ...parseToolInput(text) };
}
