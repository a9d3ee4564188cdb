import type {
  AssistantContent,
  JsonValue,
  ModelResponse,
  ResponseEvent,
  ToolCallBlock,
} from "@agentwerk/core";
import { bodyError, ownCallId, parseToolInput } from "@agentwerk/core/provider-kit";
import type { ChatAnswer, ChatAnswerCall, ChatChoice, ChatUsage } from "./chat-completion.ts";
import { ThinkingBlocks } from "./thinking-blocks.ts";
import { toStopReason } from "./to-stop-reason.ts";
import { toUsage } from "./to-usage.ts";

interface CallDraft {
  readonly index: number | undefined;
  readonly id: string | undefined;
  name: string;
  arguments: string;
  /** Arguments that came as an object, whole. */
  input: unknown;
}

export interface ReplyBuilderOptions {
  readonly providerName: string;
  readonly onEvent: ((event: ResponseEvent) => void) | undefined;
}

/** Collects a reply from one whole message, or from the pieces of a stream; both come in the same shape. */
export class ReplyBuilder {
  readonly #options: ReplyBuilderOptions;
  readonly #calls: CallDraft[] = [];
  #text = "";
  #refusal = "";
  #reasoning = "";
  readonly #thinking = new ThinkingBlocks();
  #finishReason: string | undefined;
  #usage: ChatUsage | undefined;
  #model: string | undefined;

  constructor(options: ReplyBuilderOptions) {
    this.#options = options;
  }

  get isFinished(): boolean {
    return this.#finishReason !== undefined;
  }

  addHead(head: { readonly model?: string | null; readonly usage?: ChatUsage | null }): void {
    if (head.model) this.#model = head.model;
    if (head.usage) this.#usage = head.usage;
  }

  addChoice(choice: ChatChoice): void {
    const { delta, message, error } = choice;
    if (error) throw bodyError(error, undefined);
    if (delta) {
      this.#addAnswer(delta);
      for (const piece of delta.tool_calls ?? []) {
        this.#addCall(this.#findCall(piece) ?? this.#startCall(piece), piece);
      }
    } else if (message) {
      this.#addAnswer(message);
      // Whole calls, whatever their ids and indexes say.
      for (const call of message.tool_calls ?? []) this.#addCall(this.#startCall(call), call);
    }
    if (choice.finish_reason) this.#finishReason = choice.finish_reason;
  }

  #addAnswer(answer: ChatAnswer): void {
    const { onEvent } = this.#options;
    const reasoning = answer.reasoning_content ?? answer.reasoning;
    if (typeof reasoning === "string" && reasoning !== "") {
      this.#reasoning += reasoning;
      onEvent?.({ type: "reasoning", text: reasoning });
    }
    for (const block of answer.thinking_blocks ?? []) this.#thinking.add(block);
    const text = typeof answer.content === "string" ? answer.content : joinParts(answer.content);
    if (text !== "") {
      this.#text += text;
      onEvent?.({ type: "text", text });
    }
    if (answer.refusal) {
      this.#refusal += answer.refusal;
      onEvent?.({ type: "text", text: answer.refusal });
    }
  }

  #addCall(draft: CallDraft, piece: ChatAnswerCall): void {
    const { name, arguments: given } = piece.function ?? {};
    if (name && draft.name === "") draft.name = name;
    if (typeof given === "string") draft.arguments += given;
    else if (given !== undefined && given !== null) draft.input = given;
  }

  /** A piece belongs to the call of its index, unless it brings a new id: some servers give every call the index 0. */
  #findCall({ index, id, function: definition }: ChatAnswerCall): CallDraft | undefined {
    const last = this.#calls.at(-1);
    if (typeof index === "number") {
      const found = this.#calls.findLast((call) => call.index === index);
      return id && found?.id !== undefined && found.id !== id ? undefined : found;
    }
    if (id) return this.#calls.find((call) => call.id === id);
    return definition?.name ? undefined : last;
  }

  #startCall({ index, id }: ChatAnswerCall): CallDraft {
    const draft: CallDraft = {
      index: index ?? undefined,
      id: id ? id : undefined,
      name: "",
      arguments: "",
      input: undefined,
    };
    this.#calls.push(draft);
    return draft;
  }

  build({
    model,
    requestId,
    cost,
  }: {
    readonly model: string;
    readonly requestId: string | undefined;
    /** By the headers. */
    readonly cost?: number | undefined;
  }): ModelResponse {
    const content: AssistantContent[] = [];
    const { providerName } = this.#options;
    const thinking = this.#thinking.build(providerName);
    // The same thinking, with its proofs.
    if (thinking.length > 0) content.push(...thinking);
    else if (this.#reasoning !== "") {
      content.push({ type: "reasoning", text: this.#reasoning, provider: providerName });
    }
    const text = this.#text + this.#refusal;
    if (text !== "") content.push({ type: "text", text });
    const seen = new Set<string>();
    for (const call of this.#calls) content.push(toToolCall(call, seen));
    const stopReason = toStopReason({
      finishReason: this.#finishReason,
      hasToolCalls: this.#calls.length > 0,
      hasRefusal: this.#refusal !== "",
    });
    const usage = toUsage(this.#usage);
    const told = readCost(this.#usage?.cost) ?? cost;
    return { content, stopReason, usage, cost: told, model: this.#model ?? model, requestId };
  }
}

function readCost(cost: unknown): number | undefined {
  return typeof cost === "number" && cost >= 0 ? cost : undefined;
}

function joinParts(parts: ChatAnswer["content"]): string {
  if (!Array.isArray(parts)) return "";
  let text = "";
  for (const part of parts) if (part.type === "text" && typeof part.text === "string") text += part.text;
  return text;
}

function toToolCall(call: CallDraft, seen: Set<string>): ToolCallBlock {
  const head = { type: "tool_call", id: ownCallId(call.id, seen), name: call.name } as const;
  if (call.input !== undefined) return { ...head, input: call.input as JsonValue };
  return { ...head, ...parseToolInput(call.arguments) };
}
