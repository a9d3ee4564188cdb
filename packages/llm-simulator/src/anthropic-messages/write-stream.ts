import { charactersPerToken } from "../reply/estimate-tokens.ts";
import { piecesOf } from "../reply/pieces-of.ts";
import type { FinishedReply } from "../reply/reply.ts";
import type { StreamEvent } from "../wire-format.ts";
import { writeHead, writeStop, writeThinking, writeToolUse, writeUsage } from "./write-reply.ts";

/**
 * A reply as server-sent events in Anthropic's order: `message_start`, a `ping`, for each block its start, deltas and
 * stop, then `message_delta` with the stop reason and the final usage, and `message_stop`.
 */
export function writeStream(reply: FinishedReply, tokensPerEvent: number): readonly StreamEvent[] {
  const events: StreamEvent[] = [];
  const write = (type: string, fields: string, tokens = 0): void => {
    events.push({ text: `event: ${type}\ndata: {"type":"${type}"${fields}}\n\n`, tokens });
  };
  let index = 0;
  const writeBlock = (start: Readonly<Record<string, unknown>>, deltas: readonly Delta[]): void => {
    write("content_block_start", `,"index":${index},"content_block":${JSON.stringify(start)}`);
    for (const { type, field, text } of deltas) {
      // A signature comes in one piece, and an empty text is one event too.
      const isWhole = field === "signature" || text === "";
      for (const piece of isWhole ? [text] : piecesOf(text, tokensPerEvent * charactersPerToken)) {
        const delta = `{"type":"${type}","${field}":${JSON.stringify(piece)}}`;
        write("content_block_delta", `,"index":${index},"delta":${delta}`, tokensOf(piece));
      }
    }
    write("content_block_stop", `,"index":${index}`);
    index += 1;
  };

  const usage = writeUsage(reply);
  const message = {
    ...writeHead(reply),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: { ...usage, output_tokens: 1 },
  };
  write("message_start", `,"message":${JSON.stringify(message)}`);
  write("ping", "");
  for (const block of writeThinking(reply)) {
    if (block.type !== "thinking") writeBlock(block, []);
    else writeBlock({ ...block, thinking: "", signature: "" }, thinkingDeltas(reply));
  }
  if (reply.text !== "") {
    const delta = { type: "text_delta", field: "text", text: reply.text };
    writeBlock({ type: "text", text: "", citations: null }, [delta]);
  }
  for (const call of reply.toolCalls) {
    const delta = { type: "input_json_delta", field: "partial_json", text: call.arguments };
    writeBlock(writeToolUse(call), [delta]);
  }
  const stop = JSON.stringify({ container: null, ...writeStop(reply) });
  write("message_delta", `,"delta":${stop},"usage":${JSON.stringify(usage)}`);
  write("message_stop", "");
  return events;
}

interface Delta {
  readonly type: string;
  readonly field: string;
  readonly text: string;
}

function thinkingDeltas({ reasoning, signature = "" }: FinishedReply): readonly Delta[] {
  return [
    { type: "thinking_delta", field: "thinking", text: reasoning },
    { type: "signature_delta", field: "signature", text: signature },
  ];
}

function tokensOf(piece: string): number {
  return Math.ceil(piece.length / charactersPerToken);
}
