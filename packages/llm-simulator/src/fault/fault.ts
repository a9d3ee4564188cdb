interface FaultDetails {
  /** Replaces the vendor's wording in an error body. */
  authentication_failed: { readonly message?: string | undefined };
  permission_denied: { readonly message?: string | undefined };
  rate_limited: RetryAdvice;
  quota_exceeded: Record<never, never>;
  server_failed: {
    readonly message?: string | undefined;
    readonly status?: number | undefined;
  } & RetryAdvice;
  overloaded: RetryAdvice;
  invalid_request: { readonly message?: string | undefined };
  context_window_exceeded: { readonly message?: string | undefined };
  prompt_filtered: { readonly message?: string | undefined };
  connection_reset: Record<never, never>;

  arguments_malformed: Record<never, never>;
  /** Default 8 tokens. */
  output_truncated: { readonly tokens?: number | undefined };
  /** Default `no_such_tool`. */
  unknown_tool: { readonly name?: string | undefined };
  content_filtered: Record<never, never>;
  refused: { readonly text?: string | undefined };
  reply_empty: Record<never, never>;
  /** Default one million characters. */
  reply_huge: { readonly characters?: number | undefined };

  /** Default 60,000 ms. */
  slow_first_byte: { readonly delayMs?: number | undefined };
  /** Silence after this many stream events, or half of them; a reply in one piece stops half-way. */
  stream_stalled: { readonly afterEvents?: number | undefined };
  /** The socket is destroyed after this many stream events, or half of them. */
  stream_cut: { readonly afterEvents?: number | undefined };
  /** The stream ends in good order, but before the reply does, as some proxies make of a cut. */
  stream_ended_early: { readonly afterEvents?: number | undefined };
  /** An error event after half of the stream; a reply in one piece is a plain 500. */
  stream_failed: { readonly message?: string | undefined };
  body_malformed: Record<never, never>;
}

interface RetryAdvice {
  /** The `Retry-After` header; none when absent, except for `rate_limited`: 1 second. */
  readonly retryAfterMs?: number | undefined;
  /** How that is written: whole seconds, an HTTP date, or OpenAI's `retry-after-ms`. Default `seconds`. */
  readonly retryAfterAs?: "seconds" | "date" | "milliseconds" | undefined;
}

export type FaultKind = keyof FaultDetails;

/** What goes wrong, with its details. */
export type FaultOptions = {
  [Kind in FaultKind]: { readonly kind: Kind } & FaultDetails[Kind];
}[FaultKind];

/** What goes wrong: a name, or a name with its details. */
export type Fault = FaultKind | FaultOptions;

/** Where a fault strikes: an error instead of a reply, a change to the reply, or the way the reply is sent. */
export type FaultStage = "instead" | "reply" | "delivery";

export const faultStages: Readonly<Record<FaultKind, FaultStage>> = {
  authentication_failed: "instead",
  permission_denied: "instead",
  rate_limited: "instead",
  quota_exceeded: "instead",
  server_failed: "instead",
  overloaded: "instead",
  invalid_request: "instead",
  context_window_exceeded: "instead",
  prompt_filtered: "instead",
  connection_reset: "instead",
  arguments_malformed: "reply",
  output_truncated: "reply",
  unknown_tool: "reply",
  content_filtered: "reply",
  refused: "reply",
  reply_empty: "reply",
  reply_huge: "reply",
  slow_first_byte: "delivery",
  stream_stalled: "delivery",
  stream_cut: "delivery",
  stream_ended_early: "delivery",
  stream_failed: "delivery",
  body_malformed: "delivery",
};

export const faultKinds: readonly FaultKind[] = Object.keys(faultStages) as FaultKind[];

/** A name becomes an object without details. */
export function toFaultOptions(fault: Fault): FaultOptions {
  return typeof fault === "string" ? ({ kind: fault } as FaultOptions) : fault;
}

/** True when the client gets no usable reply and will ask again. */
export function failsRequest(fault: FaultOptions): boolean {
  const stage = faultStages[fault.kind];
  return stage === "instead" || (stage === "delivery" && fault.kind !== "slow_first_byte");
}
