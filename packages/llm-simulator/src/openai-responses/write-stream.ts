import { writeErrorBody } from "../chat-completions/write-failure.ts";
import type { Failure } from "../failure.ts";
import { charactersPerToken } from "../reply/estimate-tokens.ts";
import { piecesOf } from "../reply/pieces-of.ts";
import type { FinishedReply } from "../reply/reply.ts";
import type { StreamEvent } from "../wire-format.ts";
import type { ResponsesRequest } from "./responses-request.ts";
import type { WireObject } from "./write-reply.ts";
import { incompleteReasonOf, writeHead, writeReply } from "./write-reply.ts";

export interface StreamOptions {
  readonly request: ResponsesRequest;
  /** Tokens that one event carries. */
  readonly tokensPerEvent: number;
}

/**
 * A reply as server-sent events in OpenAI's order: created and in progress; for each item that it was added, its parts
 * with their deltas, and that it is done; then `response.completed` or `response.incomplete` with the whole response.
 */
export function writeStream(
  reply: FinishedReply,
  { request, tokensPerEvent }: StreamOptions,
): readonly StreamEvent[] {
  const writer = new EventWriter(tokensPerEvent * charactersPerToken);
  const head = writeHead(reply, request);
  writer.write("response.created", { response: head });
  writer.write("response.in_progress", { response: head });
  const whole = writeReply(reply, request);
  for (const [index, item] of (whole.output as readonly WireObject[]).entries())
    writer.writeItem(item, index);
  const end = incompleteReasonOf(reply) === undefined ? "response.completed" : "response.incomplete";
  writer.write(end, { response: whole });
  return writer.events;
}

class EventWriter {
  readonly events: StreamEvent[] = [];
  readonly #pieceSize: number;
  #sequenceNumber = 0;

  constructor(pieceSize: number) {
    this.#pieceSize = pieceSize;
  }

  write(type: string, fields: WireObject, tokens = 0): void {
    const data = JSON.stringify({ type, sequence_number: this.#sequenceNumber, ...fields });
    this.#sequenceNumber += 1;
    this.events.push({ text: `event: ${type}\ndata: ${data}\n\n`, tokens });
  }

  writeItem(item: WireObject, index: number): void {
    const place = { output_index: index };
    const at = { ...place, item_id: item.id };
    switch (item.type) {
      case "reasoning":
        this.write("response.output_item.added", { ...place, item: { ...item, summary: [] } });
        this.#writeSummary(item.summary as readonly { readonly text: string }[], at);
        break;
      case "message":
        this.write("response.output_item.added", {
          ...place,
          item: { ...item, status: "in_progress", content: [] },
        });
        this.#writeContent(item.content as readonly WireObject[], at);
        break;
      default: {
        const text = String(item.arguments);
        const begun = { ...item, status: "in_progress", arguments: "" };
        this.write("response.output_item.added", { ...place, item: begun });
        this.#writeDeltas("response.function_call_arguments", at, text);
        this.write("response.function_call_arguments.done", { ...at, arguments: text });
      }
    }
    this.write("response.output_item.done", { ...place, item });
  }

  #writeSummary(summary: readonly { readonly text: string }[], at: WireObject): void {
    for (const [index, part] of summary.entries()) {
      const place = { ...at, summary_index: index };
      this.write("response.reasoning_summary_part.added", { ...place, part: { ...part, text: "" } });
      this.#writeDeltas("response.reasoning_summary_text", place, part.text);
      this.write("response.reasoning_summary_text.done", { ...place, text: part.text });
      this.write("response.reasoning_summary_part.done", { ...place, part });
    }
  }

  #writeContent(content: readonly WireObject[], at: WireObject): void {
    for (const [index, part] of content.entries()) {
      const place = { ...at, content_index: index };
      const field = part.type === "refusal" ? "refusal" : "text";
      const type = part.type === "refusal" ? "response.refusal" : "response.output_text";
      const text = String(part[field]);
      this.write("response.content_part.added", { ...place, part: { ...part, [field]: "" } });
      this.#writeDeltas(type, field === "text" ? { ...place, logprobs: [] } : place, text);
      this.write(`${type}.done`, { ...place, [field]: text });
      this.write("response.content_part.done", { ...place, part });
    }
  }

  #writeDeltas(type: string, place: WireObject, text: string): void {
    for (const delta of piecesOf(text, this.#pieceSize)) {
      this.write(`${type}.delta`, { ...place, delta }, Math.ceil(delta.length / charactersPerToken));
    }
  }
}

/** The fields of an error stand in the event itself here. */
export function writeStreamFailure(failure: Failure): string {
  const { error } = JSON.parse(writeErrorBody(failure)) as { readonly error: WireObject };
  const data = { type: "error", code: error.code ?? error.type, message: error.message, param: null };
  return `event: error\ndata: ${JSON.stringify({ ...data, sequence_number: 0 })}\n\n`;
}
