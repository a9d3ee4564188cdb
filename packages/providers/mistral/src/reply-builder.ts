import type { AssistantContent, ModelResponse, ResponseEvent, ToolCallBlock } from "@agentwerk/core";
import { ownCallId, parseToolInput } from "@agentwerk/core/provider-kit";
import type { ChatCall, ChatChunk, ChatReply, ChatUsage } from "./chat-reply.ts";
import { toStopReason } from "./to-stop-reason.ts";
import { toUsage } from "./to-usage.ts";

interface CallDraft {
  readonly key: string | number | undefined;
  readonly id: string;
  name: string;
  arguments: string;
}

export interface ReplyBuilderOptions {
  readonly providerName: string;
  readonly onEvent: ((event: ResponseEvent) => void) | undefined;
}

/** Collects a reply from one whole body, or from the pieces of a stream. */
export class ReplyBuilder {
  readonly #options: ReplyBuilderOptions;
  readonly #calls: CallDraft[] = [];
  readonly #callIds = new Set<string>();
  #thinking = "";
  #signature = "";
  #text = "";
  #usage: ChatUsage | undefined;
  #model: string | undefined;
  #finishReason: string | undefined;

  constructor(options: ReplyBuilderOptions) {
    this.#options = options;
  }

  get isFinished(): boolean {
    return this.#finishReason !== undefined;
  }

  add({ model, usage, choices }: ChatReply): void {
    if (model) this.#model = model;
    if (usage) this.#usage = usage;
    const choice = choices?.[0];
    if (!choice) return;
    const { content, tool_calls: calls } = choice.delta ?? choice.message ?? {};
    if (typeof content === "string") this.#addText(content);
    else for (const chunk of content ?? []) this.#addChunk(chunk);
    for (const call of calls ?? []) this.#addCall(call);
    if (choice.finish_reason) this.#finishReason = choice.finish_reason;
  }

  #addText(text: string): void {
    if (text === "") return;
    this.#text += text;
    this.#options.onEvent?.({ type: "text", text });
  }

  #addChunk({ type, text, thinking, signature }: ChatChunk): void {
    if (type === "text" && text) this.#addText(text);
    if (type !== "thinking") return;
    this.#signature += signature ?? "";
    for (const part of thinking ?? []) {
      if (!part.text) continue;
      this.#thinking += part.text;
      this.#options.onEvent?.({ type: "reasoning", text: part.text });
    }
  }

  /** Mistral sends each call whole; a server that cuts one in pieces gives them one index, or the id once. */
  #addCall(call: ChatCall): void {
    const { name, arguments: given } = call.function ?? {};
    const text = typeof given === "string" ? given : JSON.stringify(given ?? {});
    const last = this.#calls.at(-1);
    const isNext = last !== undefined && !name && (call.index ?? last.key) === last.key;
    if (isNext) {
      last.arguments += text;
      return;
    }
    this.#calls.push({
      key: call.index ?? undefined,
      id: ownCallId(call.id === "null" ? undefined : call.id, this.#callIds),
      name: name ?? "",
      arguments: text,
    });
  }

  build(head: { readonly model: string; readonly requestId: string | undefined }): ModelResponse {
    const provider = this.#options.providerName;
    const content: AssistantContent[] = [];
    if (this.#thinking !== "" || this.#signature !== "") {
      const signature = this.#signature === "" ? {} : { signature: this.#signature };
      content.push({ type: "reasoning", text: this.#thinking, provider, ...signature });
    }
    if (this.#text !== "") content.push({ type: "text", text: this.#text });
    for (const call of this.#calls) content.push(toToolCall(call));
    return {
      content,
      stopReason: toStopReason(this.#finishReason, this.#calls.length > 0),
      usage: toUsage(this.#usage),
      model: this.#model ?? head.model,
      requestId: head.requestId,
    };
  }
}

function toToolCall({ id, name, arguments: text }: CallDraft): ToolCallBlock {
  const parsed = parseToolInput(text);
  return { type: "tool_call", id, name, ...parsed };
}
