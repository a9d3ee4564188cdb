import type { Conversation } from "../conversation.ts";
import { charactersPerToken, estimateTokens } from "./estimate-tokens.ts";
import type { FinishedReply, FinishedToolCall, ReplyOptions, ReplyStop } from "./reply.ts";
import { sign } from "./sign.ts";

export interface FinishOptions {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  /** Output that does not fit is cut off, as the vendors do. */
  readonly maxOutputTokens?: number | undefined;
}

/** Fills in what a reply leaves open: ids, the stop reason, the usage. */
export function finishReply(
  reply: ReplyOptions,
  conversation: Conversation,
  options: FinishOptions,
): FinishedReply {
  const whole = {
    text: reply.text ?? "",
    toolCalls: (reply.toolCalls ?? []).map((call, index): FinishedToolCall => {
      return {
        id: call.id ?? `call_${conversation.requestNumber}_${index}`,
        name: call.name,
        arguments: call.arguments ?? JSON.stringify(call.input ?? {}),
      };
    }),
  };
  const reasoning = reply.reasoning ?? "";
  const said = truncate(whole, options.maxOutputTokens);
  const reasoningTokens = reply.usage?.reasoningTokens ?? estimateTokens(reasoning);
  return {
    number: conversation.requestNumber,
    model: conversation.model,
    createdAt: options.createdAt,
    text: said.text,
    reasoning,
    signature: reply.signature ?? (reasoning === "" ? undefined : sign(reasoning)),
    refusal: reply.refusal,
    toolCalls: said.toolCalls,
    stop: said.truncated ? "max_output_tokens" : (reply.stop ?? naturalStop(said.toolCalls)),
    usage: {
      inputTokens: reply.usage?.inputTokens ?? options.inputTokens,
      outputTokens:
        reply.usage?.outputTokens ??
        reasoningTokens + Math.ceil((lengthOf(said) + (reply.refusal?.length ?? 0)) / charactersPerToken),
      cachedTokens: reply.usage?.cachedTokens ?? options.cachedTokens,
      // Numbers of a script's own must add up with each other, not with those that were computed.
      cacheWriteTokens:
        reply.usage?.cacheWriteTokens ??
        (reply.usage?.inputTokens === undefined ? options.cacheWriteTokens : 0),
      reasoningTokens,
    },
  };
}

function naturalStop(toolCalls: readonly FinishedToolCall[]): ReplyStop {
  return toolCalls.length > 0 ? "tool_calls" : "end_turn";
}

interface Said {
  readonly text: string;
  readonly toolCalls: readonly FinishedToolCall[];
}

function lengthOf({ text, toolCalls }: Said): number {
  let length = text.length;
  for (const call of toolCalls) length += call.name.length + call.arguments.length;
  return length;
}

function truncate(said: Said, maxTokens: number | undefined): Said & { readonly truncated: boolean } {
  if (maxTokens === undefined || lengthOf(said) <= maxTokens * charactersPerToken) {
    return { ...said, truncated: false };
  }
  const text = said.text.slice(0, maxTokens * charactersPerToken);
  let room = maxTokens * charactersPerToken - text.length;
  const toolCalls: FinishedToolCall[] = [];
  for (const call of said.toolCalls) {
    if (room <= call.name.length) break;
    const fits = call.arguments.slice(0, room - call.name.length);
    toolCalls.push({ ...call, arguments: fits });
    room -= call.name.length + call.arguments.length;
  }
  return { text, toolCalls, truncated: true };
}
