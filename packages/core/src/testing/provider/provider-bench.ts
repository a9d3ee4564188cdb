import type { Provider } from "../../provider/provider.ts";

/** What a provider under test is made with. */
export interface BenchSettings {
  readonly apiKey: string;
  /** Limit for the first byte. */
  readonly timeoutMs: number;
  /** Limit for silence within a stream. */
  readonly idleTimeoutMs: number;
  /** Of another place than the far side, where nobody answers. */
  readonly baseUrl?: string | undefined;
}

/** A provider and the server it talks to, which the suite tells what to answer. */
export interface ProviderBench {
  /** A name that the far side answers to. */
  readonly model: string;
  /** A provider whose requests reach the far side, over the vendor's real protocol. */
  provider(settings: BenchSettings): Provider;
  /** From now on these replies, one for each request; forgets the requests so far. */
  script(replies: readonly FarReply[]): void;
  /** From now on the reply that a function makes of the request; forgets the requests so far. */
  respond(reply: (request: FarRequest) => FarReply | Promise<FarReply>): void;
  /** The requests that came in, oldest first. */
  requests(): readonly FarRequest[];
  /** Resolves once so many have come in. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

/** What the far side says, in no vendor's format. */
export interface FarReply {
  readonly text?: string;
  readonly reasoning?: string;
  /** The vendor's proof of the thinking; without `reasoning`, thinking that stays hidden. Made up unless given. */
  readonly signature?: string;
  readonly refusal?: string;
  readonly toolCalls?: readonly FarToolCall[];
  readonly stop?: "max_output_tokens" | "content_filtered";
  readonly usage?: {
    /** Cached tokens included. */
    readonly inputTokens?: number;
    /** Reasoning included. */
    readonly outputTokens?: number;
    readonly cachedTokens?: number;
    readonly reasoningTokens?: number;
  };
  readonly fault?: FarFault;
}

export interface FarToolCall {
  readonly name: string;
  readonly input?: unknown;
  /** As they go over the wire; wins over `input`. */
  readonly arguments?: string;
}

/** What goes wrong on the far side; `@agentwerk/llm-simulator` has the same names. */
export type FarFault =
  | { readonly kind: "authentication_failed"; readonly message?: string }
  | { readonly kind: "permission_denied" }
  | {
      readonly kind: "rate_limited";
      readonly retryAfterMs?: number;
      readonly retryAfterAs?: "seconds" | "date";
    }
  | { readonly kind: "quota_exceeded" }
  | { readonly kind: "server_failed"; readonly status?: number }
  | { readonly kind: "overloaded" }
  | { readonly kind: "invalid_request"; readonly message?: string }
  | { readonly kind: "context_window_exceeded" }
  | { readonly kind: "prompt_filtered" }
  | { readonly kind: "connection_reset" }
  | { readonly kind: "slow_first_byte"; readonly delayMs?: number }
  | { readonly kind: "stream_stalled" }
  | { readonly kind: "stream_cut" }
  | { readonly kind: "stream_ended_early" }
  | { readonly kind: "stream_failed" }
  | { readonly kind: "body_malformed" };

/** A request as the far side understood it. */
export interface FarRequest {
  readonly model: string;
  readonly system: string;
  /** Without system messages. */
  readonly messages: readonly FarMessage[];
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly inputSchema: unknown;
  }[];
  readonly toolChoice: "auto" | "required" | "none" | { readonly tool: string };
  readonly maxOutputTokens: number | undefined;
  readonly stream: boolean;
  /** The provider went away before all was sent. */
  readonly aborted: boolean;
}

export interface FarMessage {
  readonly role: "user" | "assistant" | "tool";
  readonly text: string;
  readonly images: readonly FarFile[];
  readonly documents?: readonly FarFile[];
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
  readonly callId?: string | undefined;
  readonly reasoning?: string | undefined;
  /** The proofs of that thinking, one for each block of it. */
  readonly signatures?: readonly string[] | undefined;
}

export interface FarFile {
  readonly mediaType?: string | undefined;
  /** Base64. */
  readonly data?: string | undefined;
  readonly name?: string | undefined;
}
