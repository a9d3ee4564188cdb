import type { OpenAI } from "openai";
import { lookupDescription, lookupName, lookupSchema, resultDescription, resultSchema } from "./the-work.ts";

/** A call while its pieces come in. */
export interface PartialCall {
  id: string;
  name: string;
  arguments: string;
}

/** A chunk of a streamed chat completion, as far as the loops below read it. */
export interface ChatChunk {
  readonly choices: readonly {
    readonly delta: {
      readonly content?: string | null;
      readonly tool_calls?: readonly {
        readonly index: number;
        readonly id?: string;
        readonly function?: { readonly name?: string; readonly arguments?: string };
      }[];
    };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
}

/** Adds the pieces of a streamed reply up. */
export class StreamedReply {
  text = "";
  readonly calls: PartialCall[] = [];
  inputTokens = 0;
  outputTokens = 0;

  add(chunk: ChatChunk): void {
    if (chunk.usage) {
      this.inputTokens = chunk.usage.prompt_tokens;
      this.outputTokens = chunk.usage.completion_tokens;
    }
    const delta = chunk.choices[0]?.delta;
    if (delta === undefined) return;
    if (delta.content) this.text += delta.content;
    for (const piece of delta.tool_calls ?? []) {
      this.calls[piece.index] ??= { id: "", name: "", arguments: "" };
      const call = this.calls[piece.index];
      if (call === undefined) continue;
      call.id ||= piece.id ?? "";
      call.name ||= piece.function?.name ?? "";
      call.arguments += piece.function?.arguments ?? "";
    }
  }

  /** As the assistant message that goes back with the next request. */
  toMessage(): OpenAI.ChatCompletionAssistantMessageParam {
    return {
      role: "assistant",
      content: this.text === "" ? null : this.text,
      tool_calls: this.calls.map(({ id, name, arguments: text }) => ({
        id,
        type: "function",
        function: { name, arguments: text },
      })),
    };
  }
}

/** The tools that our own agent lists, in the vendor's format. */
export const chatTools: OpenAI.ChatCompletionFunctionTool[] = [
  toChatTool("write_result", resultDescription, resultSchema),
  toChatTool(lookupName, lookupDescription, lookupSchema),
];

function toChatTool(
  name: string,
  description: string,
  parameters: object,
): OpenAI.ChatCompletionFunctionTool {
  return {
    type: "function",
    function: { name, description, parameters: parameters as Record<string, unknown> },
  };
}
