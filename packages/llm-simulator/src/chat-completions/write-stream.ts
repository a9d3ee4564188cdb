import { charactersPerToken } from "../reply/estimate-tokens.ts";
import { piecesOf } from "../reply/pieces-of.ts";
import type { FinishedReply } from "../reply/reply.ts";
import type { StreamEvent } from "../wire-format.ts";
import type { ChatDialect } from "./chat-dialect.ts";
import { finishReasonOf, reasoningField, replyId, writeArguments, writeUsage } from "./write-reply.ts";

export interface StreamOptions {
  readonly includeUsage: boolean;
  readonly dialect: ChatDialect;
  /** Tokens that one event carries. */
  readonly tokensPerEvent: number;
}

/** A reply as server-sent events, in OpenAI's order: role, reasoning, text, tool calls, finish, usage, `[DONE]`. */
export function writeStream(reply: FinishedReply, options: StreamOptions): readonly StreamEvent[] {
  const { dialect } = options;
  const events: StreamEvent[] = [];
  // The same in every event, so it is written once.
  const head = `data: {"id":"${replyId(reply)}","object":"chat.completion.chunk","created":${reply.createdAt},"model":${JSON.stringify(reply.model)},"service_tier":"default","system_fingerprint":"fp_simulator",`;
  const usageTail = options.includeUsage && dialect.omitUsage !== true ? ',"usage":null' : "";
  const write = (delta: string, tokens: number, finish = "null"): void => {
    const text = `${head}"choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}]${usageTail}}\n\n`;
    events.push({ text, tokens });
  };
  const writePieces = (text: string, wrap: (piece: string) => string): void => {
    const size = options.tokensPerEvent * charactersPerToken;
    for (const piece of piecesOf(text, size)) {
      write(wrap(JSON.stringify(piece)), Math.ceil(piece.length / charactersPerToken));
    }
  };

  write('{"role":"assistant","content":"","refusal":null}', 0);
  writePieces(reply.reasoning, (piece) => `{"${reasoningField(dialect)}":${piece}}`);
  writePieces(reply.text, (piece) => `{"content":${piece}}`);
  writePieces(reply.refusal ?? "", (piece) => `{"refusal":${piece}}`);
  for (const [index, call] of reply.toolCalls.entries()) {
    const id = dialect.omitToolCallIds === true ? "" : `"id":${JSON.stringify(call.id)},`;
    const start = (text: string): string =>
      `{"tool_calls":[{"index":${index},${id}"type":"function","function":{"name":${JSON.stringify(call.name)},"arguments":${text}}}]}`;
    const nameTokens = Math.ceil(call.name.length / charactersPerToken);
    if (dialect.argumentsAsObject === true) {
      write(start(JSON.stringify(writeArguments(call, dialect))), nameTokens);
      continue;
    }
    write(start('""'), nameTokens);
    writePieces(
      call.arguments,
      (piece) => `{"tool_calls":[{"index":${index},"function":{"arguments":${piece}}}]}`,
    );
  }
  write("{}", 0, `"${finishReasonOf(reply, dialect)}"`);
  if (usageTail !== "") {
    const usage = JSON.stringify(writeUsage(reply.usage));
    events.push({ text: `${head}"choices":[],"usage":${usage}}\n\n`, tokens: 0 });
  }
  events.push({ text: "data: [DONE]\n\n", tokens: 0 });
  return events;
}
