import type { ToolCallBlock, ToolResultBlock } from "../provider/content.ts";
import { textBlock } from "../provider/content.ts";
import type { Reply, ReplyDraft } from "./reply.ts";

/** A tool call of a conversation that has no result yet, and the reply that asked for it. */
export interface OpenCall {
  readonly call: ToolCallBlock;
  /** Index of the assistant's reply. */
  readonly reply: number;
  /** Place among the calls of that reply, from 0. */
  readonly position: number;
}

/** The calls without a result, in order. Only the last answer of a conversation can have any. */
export function findOpenCalls(replies: readonly Reply[]): readonly OpenCall[] {
  const answered = new Set<string>();
  for (let index = replies.length - 1; index >= 0; index--) {
    const reply = replies[index];
    if (reply === undefined) continue;
    if (reply.message.role === "tool") {
      for (const block of reply.message.content) answered.add(block.callId);
    } else if (reply.message.role === "assistant") {
      const calls = reply.message.content.filter((block) => block.type === "tool_call");
      return calls
        .map((call, position) => ({ call, reply: reply.index, position }))
        .filter(({ call }) => !answered.has(call.id));
    }
  }
  return [];
}

/** The reply that answers every open call with `text` as an error, so that a conversation which ends here stays well-formed. */
export function closeOpenCalls(replies: readonly Reply[], text: string): ReplyDraft | undefined {
  const open = findOpenCalls(replies);
  if (open.length === 0) return undefined;
  const content = open.map(
    ({ call }): ToolResultBlock => ({
      type: "tool_result",
      callId: call.id,
      content: [textBlock(text)],
      isError: true,
    }),
  );
  return { message: { role: "tool", content }, purpose: "tool_results" };
}
