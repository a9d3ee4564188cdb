import type { Conversation } from "./conversation.ts";
import type { Failure } from "./failure.ts";
import type { FinishedReply } from "./reply/reply.ts";

/** A request that was understood; `Options` is what the format needs again to write the reply. */
export type ParsedRequest<Options> =
  | {
      readonly ok: true;
      readonly conversation: Conversation;
      readonly options: Options;
      /** Characters that a model would read: the base of the input tokens. */
      readonly inputCharacters: number;
      /** The prompt in pieces whose common beginning with an earlier request counts as cached. */
      readonly promptPieces: () => readonly string[];
      /** The client says what is cached, and what is written counts too. */
      readonly cachesExplicitly?: boolean;
    }
  | { readonly ok: false; readonly failure: Failure };

/** One server-sent event, ready to be written, and the tokens that it carries. */
export interface StreamEvent {
  readonly text: string;
  readonly tokens: number;
}

export interface WrittenFailure {
  readonly status: number;
  readonly body: string;
}

/** One vendor's way to put conversations and replies on the wire. */
export interface WireFormat<Options = unknown> {
  readonly name: string;
  /** Answers `POST` here. */
  readonly path: string;
  /** The header that carries the id of a request. */
  readonly requestIdHeader: string;
  parse(body: unknown, requestNumber: number): ParsedRequest<Options>;
  writeReply(reply: FinishedReply, options: Options): string;
  writeStream(reply: FinishedReply, options: Options): readonly StreamEvent[];
  writeFailure(failure: Failure): WrittenFailure;
  /** A failure that comes after the stream has begun. */
  writeStreamFailure(failure: Failure): string;
}
