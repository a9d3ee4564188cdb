import type { AssistantContent, ReasoningBlock } from "@agentwerk/core";
import type { ChatThinkingBlock } from "./chat-completion.ts";

interface ThinkingDraft {
  text: string;
  signature: string | undefined;
  readonly redacted: boolean;
}

/** Collects LiteLLM's thinking blocks, whole or in pieces: the proof comes last and ends its block. */
export class ThinkingBlocks {
  readonly #drafts: ThinkingDraft[] = [];

  add({ type, thinking, signature, data }: ChatThinkingBlock): void {
    if (type === "redacted_thinking") {
      if (data) this.#drafts.push({ text: "", signature: data, redacted: true });
      return;
    }
    const last = this.#drafts.at(-1);
    const isOpen = last !== undefined && last.signature === undefined;
    const draft = isOpen ? last : { text: "", signature: undefined, redacted: false };
    if (!isOpen) this.#drafts.push(draft);
    draft.text += thinking ?? "";
    draft.signature = signature || undefined;
  }

  build(provider: string): readonly ReasoningBlock[] {
    return this.#drafts.map(({ text, signature, redacted }) => ({
      type: "reasoning",
      text,
      ...(signature === undefined ? {} : { signature }),
      ...(redacted ? { redacted } : {}),
      provider,
    }));
  }
}

/** The blocks as the proxy wants them back; only those with a proof. */
export function toThinkingBlocks(
  content: readonly AssistantContent[],
  providerName: string,
): readonly ChatThinkingBlock[] {
  return content.flatMap((block): readonly ChatThinkingBlock[] => {
    if (block.type !== "reasoning" || block.provider !== providerName || block.signature === undefined)
      return [];
    const { text, signature } = block;
    if (block.redacted === true) return [{ type: "redacted_thinking", data: signature }];
    return [{ type: "thinking", thinking: text, signature }];
  });
}
