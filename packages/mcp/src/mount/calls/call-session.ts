import type { ToolContext } from "@agentwerk/core";
import {
  type CreateMessageRequestParams,
  type CreateMessageResult,
  type ElicitRequestParams,
  type ElicitResult,
  ProtocolError,
  ProtocolErrorCode,
} from "@modelcontextprotocol/client";
import { Conversation, type ConversationOptions } from "../elicitation/conversation.ts";
import type { CallScope } from "./calls-under-way.ts";
import { type SamplingLimits, sample } from "./sample.ts";

/** How a call ended before the server answered it. */
export type Interruption =
  | { readonly kind: "ask"; readonly question: string }
  | { readonly kind: "failed"; readonly message: string };

export interface CallSessionOptions extends ConversationOptions {
  readonly elicits: boolean;
  readonly sampling: SamplingLimits | undefined;
}

/** One run of one call: answers what the server asks in it, and ends it when a person has to be asked. */
export class CallSession implements CallScope {
  readonly #context: ToolContext;
  readonly #conversation: Conversation;
  readonly #elicits: boolean;
  readonly #sampling: SamplingLimits | undefined;
  readonly #stop = new AbortController();
  /** Aborts when the call is to end, from outside or because of what the server asked. */
  readonly signal: AbortSignal;
  #samples = 0;
  #interruption: Interruption | undefined;
  #isConfused = false;

  private constructor({ context, elicits, sampling }: CallSessionOptions, conversation: Conversation) {
    this.#context = context;
    this.#conversation = conversation;
    this.#elicits = elicits;
    this.#sampling = sampling;
    this.signal = AbortSignal.any([context.signal, this.#stop.signal]);
  }

  static async begin(options: CallSessionOptions): Promise<CallSession> {
    return new CallSession(options, await Conversation.read(options));
  }

  get interruption(): Interruption | undefined {
    return this.#interruption;
  }

  /** Whether the server asked something meanwhile that may have been for another call. */
  get isConfused(): boolean {
    return this.#isConfused;
  }

  confuse(): void {
    this.#isConfused = true;
  }

  /** What a person answered; else the call is marked as interrupted, and the server told that nobody answers now. */
  async elicit(params: ElicitRequestParams): Promise<ElicitResult> {
    if (!this.#elicits) return { action: "decline" };
    const answered = await this.#conversation.answer(params);
    if (answered.kind === "answered") return answered.result;
    this.interrupt(
      answered.kind === "ask"
        ? answered
        : {
            kind: "failed",
            message: "The server asked a person too many questions in one call; the call was given up.",
          },
    );
    return { action: "cancel" };
  }

  async sample(params: CreateMessageRequestParams): Promise<CreateMessageResult> {
    const limits = this.#sampling;
    if (limits === undefined) {
      throw new ProtocolError(ProtocolErrorCode.InvalidRequest, "Sampling is off for this server");
    }
    if (++this.#samples > limits.maxRequests) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidRequest,
        `Sampling refused: more than ${limits.maxRequests} requests in one call`,
      );
    }
    return await sample(params, { context: this.#context, limits });
  }

  /** Ends the call once the server has had the answer to its request. */
  interrupt(interruption: Interruption): void {
    this.#interruption ??= interruption;
    setImmediate(() => this.#stop.abort(new DOMException("A person has to be asked first", "AbortError")));
  }
}
