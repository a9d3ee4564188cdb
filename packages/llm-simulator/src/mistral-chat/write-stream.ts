import { charactersPerToken } from "../reply/estimate-tokens.ts";
import { piecesOf } from "../reply/pieces-of.ts";
import type { FinishedReply } from "../reply/reply.ts";
import type { StreamEvent } from "../wire-format.ts";
import { finishReasonOf, replyId, textOf, writeThinking, writeToolCall, writeUsage } from "./write-reply.ts";

/**
 * A reply as server-sent events in Mistral's order: role, thinking, text, then one event with all tool calls, whole,
 * the finish reason and the usage, and `[DONE]`.
 */
export function writeStream(reply: FinishedReply, tokensPerEvent: number): readonly StreamEvent[] {
  const events: StreamEvent[] = [];
  const head = `data: {"id":"${replyId(reply)}","object":"chat.completion.chunk","created":${reply.createdAt},"model":${JSON.stringify(reply.model)},"choices":[{"index":0,"delta":`;
  const write = (delta: string, tokens: number, end = ',"finish_reason":null}]}'): void => {
    events.push({ text: `${head}${delta}${end}\n\n`, tokens });
  };
  const size = tokensPerEvent * charactersPerToken;

  write('{"role":"assistant","content":""}', 0);
  for (const piece of piecesOf(reply.reasoning, size)) {
    const chunk = { type: "thinking", thinking: [{ type: "text", text: piece }] };
    write(JSON.stringify({ content: [chunk] }), tokensOf(piece));
  }
  if (reply.signature !== undefined) {
    write(JSON.stringify({ content: [writeThinking("", reply.signature)] }), 0);
  }
  for (const piece of piecesOf(textOf(reply), size)) {
    write(`{"content":${JSON.stringify(piece)}}`, tokensOf(piece));
  }
  const calls = reply.toolCalls.map(writeToolCall);
  const delta = JSON.stringify({ content: "", ...(calls.length === 0 ? {} : { tool_calls: calls }) });
  const usage = JSON.stringify(writeUsage(reply));
  write(delta, tokensOf(delta), `,"finish_reason":"${finishReasonOf(reply)}"}],"usage":${usage}}`);
  events.push({ text: "data: [DONE]\n\n", tokens: 0 });
  return events;
}

function tokensOf(piece: string): number {
  return Math.ceil(piece.length / charactersPerToken);
}
