import { AgentwerkError } from "../errors/agentwerk-error.ts";

export type ProviderErrorCode =
  | "authentication_failed"
  | "rate_limited"
  | "overloaded"
  | "context_window_exceeded"
  | "connection_failed"
  | "timed_out"
  | "invalid_request"
  | "content_filtered"
  | "response_malformed"
  | "server_failed";

/** The failures that the same request may survive when it is sent again. */
const retryableCodes: ReadonlySet<ProviderErrorCode> = new Set([
  "rate_limited",
  "overloaded",
  "connection_failed",
  "timed_out",
  "response_malformed",
  "server_failed",
]);

export interface ProviderErrorOptions {
  readonly provider: string;
  readonly reason: ProviderErrorCode;
  /** What happened and what to do next. Never holds a key or a request body. */
  readonly message: string;
  /** Decided by `reason` unless given. */
  readonly retryable?: boolean;
  /** How long the vendor asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** HTTP status. */
  readonly status?: number | undefined;
  /** The vendor's id of the request, for their support. */
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** The one error by which every provider fails; `reason` says how. */
export class ProviderError extends AgentwerkError {
  override name = "ProviderError";
  readonly provider: string;
  readonly reason: ProviderErrorCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;

  constructor(options: ProviderErrorOptions) {
    super({ code: "provider_failed", message: options.message, cause: options.cause });
    this.provider = options.provider;
    this.reason = options.reason;
    this.retryable = options.retryable ?? retryableCodes.has(options.reason);
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
    this.requestId = options.requestId;
  }

  static override isInstance(value: unknown): value is ProviderError {
    return AgentwerkError.isInstance(value) && value.code === "provider_failed";
  }
}
