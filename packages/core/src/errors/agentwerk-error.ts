/** What a broken contract or a refused request is about; narrow on `code`, never on the message. */
export type ErrorCode =
  | "aborted"
  | "closed"
  | "conflict"
  | "invalid_input"
  | "invalid_schema"
  | "lease_lost"
  | "missing_dependency"
  | "not_found"
  | "provider_failed"
  | "store_busy"
  | "store_corrupt"
  | "store_full"
  | "store_unavailable"
  | "test_script_mismatch"
  | "ticket_cancelled"
  | "ticket_failed"
  | "ticket_unfinished"
  /** An MCP server, or another place that tools come from, cannot be reached or lets nobody in. */
  | "tool_source_unavailable"
  | "unsupported";

export interface AgentwerkErrorOptions {
  readonly code: ErrorCode;
  /** What happened, where, and what to do next, in one line. */
  readonly message: string;
  /** The option or argument that was refused, as the caller wrote it: `policy.maxTime`. */
  readonly field?: string;
  readonly cause?: unknown;
}

/** Found on every error of ours, also when two copies of this package are installed and `instanceof` fails. */
const marker: symbol = Symbol.for("agentwerk.error");

/** Base of every error that agentwerk throws. */
export class AgentwerkError extends Error {
  override name = "AgentwerkError";
  readonly code: ErrorCode;
  readonly field: string | undefined;

  constructor(options: AgentwerkErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.field = options.field;
    Object.defineProperty(this, marker, { value: true });
  }

  /** Recognises our errors across duplicate installs of this package. */
  static isInstance(value: unknown): value is AgentwerkError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
