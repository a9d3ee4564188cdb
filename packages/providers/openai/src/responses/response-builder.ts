import type {
  AssistantContent,
  ModelResponse,
  ResponseEvent,
  StopReason,
  ToolCallBlock,
  Usage,
} from "@agentwerk/core";
import { bodyError, ownCallId, parseToolInput } from "@agentwerk/core/provider-kit";
import { toReasoningBlock } from "./reasoning-signature.ts";
import type { OutputItem, ResponsesEvent, ResponsesReply, ResponsesUsage } from "./responses-reply.ts";

export interface ResponseBuilderOptions {
  readonly providerName: string;
  readonly onEvent: ((event: ResponseEvent) => void) | undefined;
}

/**
 * Collects a reply from one whole response, or from the events of a stream: the deltas are only told, the content comes
 * from the items that are done and from the response at the end.
 */
export class ResponseBuilder {
  readonly #options: ResponseBuilderOptions;
  readonly #items: OutputItem[] = [];
  #response: ResponsesReply | undefined;

  constructor(options: ResponseBuilderOptions) {
    this.#options = options;
  }

  get isFinished(): boolean {
    return this.#response !== undefined;
  }

  /** @throws Error in the shape of an error body for a response that failed. */
  addResponse(response: ResponsesReply): void {
    if (response.error) throw bodyError(response.error, undefined);
    if (response.status === "failed") throw bodyError("the response failed", undefined);
    this.#response = response;
  }

  addEvent(event: ResponsesEvent): void {
    switch (event.type) {
      case "response.output_text.delta":
      case "response.refusal.delta":
        this.#tell("text", event.delta);
        return;
      case "response.reasoning_summary_part.added":
        if ((event.summary_index ?? 0) > 0) this.#tell("reasoning", "\n\n");
        return;
      case "response.reasoning_summary_text.delta":
      case "response.reasoning_text.delta":
        this.#tell("reasoning", event.delta);
        return;
      case "response.output_item.done":
        if (event.item) this.#items.push(event.item);
        return;
      case "response.completed":
      case "response.incomplete":
      case "response.failed":
        this.addResponse(event.response ?? {});
        return;
      case "error":
        throw bodyError("error" in event ? event.error : event, undefined);
      default:
        // The rest repeats what these say, and OpenAI adds kinds of events over time.
        return;
    }
  }

  #tell(type: ResponseEvent["type"], text: unknown): void {
    if (typeof text !== "string" || text === "") return;
    this.#options.onEvent?.({ type, text });
  }

  build(head: { readonly model: string; readonly requestId: string | undefined }): ModelResponse {
    const { output, model, usage, incomplete_details: details } = this.#response ?? {};
    const items = output !== undefined && output !== null && output.length > 0 ? output : this.#items;
    const ids = new Set<string>();
    const content = items.flatMap((item) => toBlocks(item, { provider: this.#options.providerName, ids }));
    const hasRefusal = items.some((item) => item.content?.some(({ type }) => type === "refusal"));
    return {
      content,
      stopReason: toStopReason(details?.reason ?? undefined, { hasRefusal, content }),
      usage: toUsage(usage ?? {}),
      model: model ?? head.model,
      requestId: head.requestId,
    };
  }
}

/** Nothing for the calls of tools that run on the server. */
function toBlocks(
  item: OutputItem,
  { provider, ids }: { readonly provider: string; readonly ids: Set<string> },
): readonly AssistantContent[] {
  switch (item.type) {
    case "message": {
      const text = (item.content ?? []).map((part) => part.text ?? part.refusal ?? "").join("");
      return text === "" ? [] : [{ type: "text", text }];
    }
    case "function_call":
      return [toToolCall(item, ids)];
    case "reasoning": {
      const block = toReasoningBlock(item, provider);
      return block === undefined ? [] : [block];
    }
    default:
      return [];
  }
}

function toToolCall(
  { call_id: callId, id, name, arguments: text }: OutputItem,
  taken: Set<string>,
): ToolCallBlock {
  const head = { type: "tool_call", id: ownCallId(callId || id, taken), name: name ?? "" } as const;
  return { ...head, ...parseToolInput(text ?? "") };
}

interface Ending {
  readonly hasRefusal: boolean;
  readonly content: readonly AssistantContent[];
}

function toStopReason(reason: string | undefined, { hasRefusal, content }: Ending): StopReason {
  if (reason === "content_filter" || hasRefusal) return "refusal";
  if (reason !== undefined) return "max_output_tokens";
  return content.some(({ type }) => type === "tool_call") ? "tool_calls" : "end_turn";
}

function toUsage(usage: ResponsesUsage): Usage {
  return {
    inputTokens: usage.input_tokens ?? 0,
    outputTokens: usage.output_tokens ?? 0,
    cacheReadTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.input_tokens_details?.cache_write_tokens ?? 0,
    reasoningTokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
  };
}
