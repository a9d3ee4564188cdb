import type { AssistantContent, ModelResponse } from "@agentwerk/core";
import { isJsonObject } from "@agentwerk/core";
import { ownCallId, parseToolInput } from "@agentwerk/core/provider-kit";
import type {
  LanguageModelV4FinishReason,
  LanguageModelV4ToolCall,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import { callError } from "./call-error.ts";
import { carrierOf, reasoningBlock } from "./provider-metadata.ts";
import { toStopReason } from "./to-stop-reason.ts";
import { toUsage } from "./to-usage.ts";

interface TextDraft {
  readonly kind: "text" | "reasoning";
  readonly id: string | undefined;
  text: string;
  metadata: SharedV4ProviderMetadata | undefined;
}

interface CallDraft {
  readonly kind: "call";
  readonly call: LanguageModelV4ToolCall;
}

export interface TextPiece {
  readonly kind: "text" | "reasoning";
  /** Ties the pieces of one block together; none for a block that came whole. */
  readonly id?: string;
  readonly text: string;
  readonly metadata?: SharedV4ProviderMetadata | undefined;
}

export interface ReplyEnd {
  readonly finishReason: LanguageModelV4FinishReason;
  readonly usage: LanguageModelV4Usage;
  readonly providerMetadata?: SharedV4ProviderMetadata | undefined;
}

/** Collects an answer in the order in which its blocks began, from whole blocks or from pieces. */
export class ReplyBuilder {
  readonly #providerName: string;
  readonly #drafts: (TextDraft | CallDraft)[] = [];
  #model: string | undefined;
  #id: string | undefined;

  constructor({ providerName }: { readonly providerName: string }) {
    this.#providerName = providerName;
  }

  addHead(head: { readonly id?: string | undefined; readonly modelId?: string | undefined }): void {
    this.#model = head.modelId ?? this.#model;
    this.#id = head.id ?? this.#id;
  }

  /** Later metadata wins: signatures come with the last piece. */
  addText({ kind, id, text, metadata }: TextPiece): void {
    const open = this.#drafts.findLast(
      (draft): draft is TextDraft => draft.kind === kind && id !== undefined && draft.id === id,
    );
    if (open === undefined) {
      this.#drafts.push({ kind, id, text, metadata });
      return;
    }
    open.text += text;
    open.metadata = metadata ?? open.metadata;
  }

  /** Where a vendor gives the words of a refusal beside the answer, as Anthropic does, they become its text. */
  addRefusal({ finishReason, providerMetadata = {} }: ReplyEnd): string | undefined {
    if (finishReason.unified !== "content-filter" || this.#drafts.some(isVisibleText)) return undefined;
    for (const { stopDetails } of Object.values(providerMetadata)) {
      const text = isJsonObject(stopDetails) ? stopDetails.explanation : undefined;
      if (typeof text !== "string" || text === "") continue;
      this.addText({ kind: "text", text });
      return text;
    }
    return undefined;
  }

  /** A call that the vendor carries out itself is none of ours. */
  addCall(call: LanguageModelV4ToolCall): void {
    if (call.providerExecuted !== true) this.#drafts.push({ kind: "call", call });
  }

  /** @throws an error in the shape that the provider kit reads, when the answer ended in one. */
  build({
    end: { finishReason, usage },
    model,
    requestId,
  }: {
    readonly end: ReplyEnd;
    readonly model: string;
    readonly requestId: string | undefined;
  }): ModelResponse {
    const { unified, raw } = finishReason;
    if (unified === "error")
      throw callError({ message: `The answer ended in an error (${raw ?? "unknown"}).` });
    if (unified === "interrupted") throw new Error("The stream ended in the middle of the reply.");
    const ids = new Set<string>();
    return {
      content: this.#drafts.flatMap((draft) => this.#toBlocks(draft, ids)),
      stopReason: toStopReason(finishReason, {
        hasToolCalls: this.#drafts.some(({ kind }) => kind === "call"),
      }),
      usage: toUsage(usage),
      model: this.#model ?? model,
      requestId: requestId ?? this.#id,
    };
  }

  #toBlocks(draft: TextDraft | CallDraft, ids: Set<string>): readonly AssistantContent[] {
    const provider = this.#providerName;
    switch (draft.kind) {
      case "call": {
        const { toolCallId, toolName, input, providerMetadata } = draft.call;
        const block = {
          type: "tool_call",
          id: ownCallId(toolCallId, ids),
          name: toolName,
          ...toInput(input),
        } as const;
        return [...carrierOf(providerMetadata, provider), block];
      }
      case "reasoning":
        // Hidden thinking has no text but must be sent back.
        if (draft.text === "" && draft.metadata === undefined) return [];
        return [reasoningBlock(draft.text, draft.metadata, provider)];
      case "text":
        if (draft.text === "") return [];
        return [...carrierOf(draft.metadata, provider), { type: "text", text: draft.text }];
    }
  }
}

function isVisibleText(draft: TextDraft | CallDraft): boolean {
  return draft.kind === "text" && draft.text !== "";
}

/** A text where an object belongs is what the vendor could not read, handed on by the SDK as JSON once more. */
function toInput(json: string): ReturnType<typeof parseToolInput> {
  const read = parseToolInput(json);
  return typeof read.input === "string" ? parseToolInput(read.input) : read;
}
