import type { ProviderErrorCode } from "@agentwerk/core";
import { ProviderError } from "@agentwerk/core";
import { isContextWindowExceeded } from "./context-window.ts";
import { redact } from "./redact.ts";
import type { HeaderSource } from "./retry-after.ts";
import { readRetryAfter } from "./retry-after.ts";

export interface ErrorContext {
  readonly providerName: string;
  readonly baseUrl: string;
  /** The key and other header values that must not be shown. */
  readonly secrets: readonly string[];
  /** Of a reply that had begun. */
  readonly requestId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What the SDK's errors have in common, read by shape: there may be several copies of the SDK. */
interface Failure {
  readonly status: number | undefined;
  readonly headers: HeaderSource | undefined;
  readonly code: unknown;
  readonly type: unknown;
  readonly message: string;
  readonly requestId: string | undefined;
}

/** Whatever the SDK threw, as the one error that the loop understands. */
export function toProviderError(thrown: unknown, context: ErrorContext): ProviderError {
  const failure = readFailure(thrown);
  const reason = toReason(thrown, failure);
  const text = redact(failure.message, context.secrets);
  const headers = failure.headers;
  return new ProviderError({
    provider: context.providerName,
    reason,
    message: `${describe(reason, context)} ${text}`.trim(),
    ...(isQuotaExhausted(failure) ? { retryable: false } : {}),
    retryAfterMs: headers === undefined ? undefined : readRetryAfter(headers, context.now),
    status: failure.status,
    requestId: failure.requestId ?? context.requestId,
    cause: mentions(thrown, context.secrets) ? undefined : thrown,
  });
}

/** An error that came in the body of a reply: some proxies answer 200 with it. */
export function bodyError(error: unknown, headers: HeaderSource | undefined): Error {
  const details = typeof error === "object" && error !== null ? error : { message: String(error) };
  const { message, code, type } = details as Readonly<Record<string, unknown>>;
  const status = typeof code === "number" && code >= 400 && code < 600 ? code : undefined;
  return Object.assign(new Error(String(message ?? "the server sent an error")), {
    error: details,
    code,
    type,
    status,
    headers,
  });
}

function readFailure(thrown: unknown): Failure {
  const fields = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Readonly<
    Record<string, unknown>
  >;
  const headers = isHeaderSource(fields.headers) ? fields.headers : undefined;
  return {
    status: typeof fields.status === "number" ? fields.status : undefined,
    headers,
    code: fields.code,
    type: fields.type,
    message: toText(thrown),
    requestId: headers === undefined ? undefined : requestIdOf(headers),
  };
}

export function requestIdOf(headers: HeaderSource): string | undefined {
  return headers.get("x-request-id") ?? headers.get("request-id") ?? undefined;
}

/** With the innermost cause: "fetch failed" and "terminated" alone say nothing. */
function toText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  let innermost = thrown;
  while (innermost.cause instanceof Error) innermost = innermost.cause;
  if (innermost === thrown || innermost.message === "") return thrown.message;
  return `${thrown.message.replace(/[.:]$/, "")}: ${innermost.message}`;
}

function toReason(thrown: unknown, failure: Failure): ProviderErrorCode {
  const { status, code, type } = failure;
  if (status === 401 || status === 403 || code === "invalid_api_key") return "authentication_failed";
  if (isContextWindowExceeded(failure)) return "context_window_exceeded";
  if (code === "content_filter" || code === "content_policy_violation") return "content_filtered";
  if (status !== undefined) return statusReason(status);
  if (code === "rate_limit_exceeded") return "rate_limited";
  if (type === "server_error" || hasErrorBody(thrown)) return "server_failed";
  if (isMalformed(thrown)) return "response_malformed";
  return isTimeout(thrown) ? "timed_out" : "connection_failed";
}

function statusReason(status: number): ProviderErrorCode {
  if (status === 408) return "timed_out";
  if (status === 429) return "rate_limited";
  if (status === 503 || status === 529) return "overloaded";
  // 409 is a lock that timed out on the server, which the SDK would try again too.
  if (status >= 500 || status === 409) return "server_failed";
  return "invalid_request";
}

function isQuotaExhausted({ code, type }: Failure): boolean {
  return code === "insufficient_quota" || type === "insufficient_quota";
}

/** An `error` event in the middle of a stream has a body but no status. */
function hasErrorBody(thrown: unknown): boolean {
  if (typeof thrown !== "object" || thrown === null || !("error" in thrown)) return false;
  return typeof thrown.error === "object" && thrown.error !== null;
}

/** Not JSON, or not of the shape that was read; the type errors of fetch always have a cause. */
function isMalformed(thrown: unknown): boolean {
  return thrown instanceof SyntaxError || (thrown instanceof TypeError && thrown.cause === undefined);
}

function isTimeout(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const code = "code" in error ? String(error.code) : "";
    if (/TIMEOUT|ETIMEDOUT/.test(code) || /Timeout/.test(error.constructor.name)) return true;
  }
  return false;
}

function describe(reason: ProviderErrorCode, { providerName, baseUrl }: ErrorContext): string {
  switch (reason) {
    case "authentication_failed":
      return `${providerName} refused the API key or its rights; check OPENAI_API_KEY or apiKey.`;
    case "rate_limited":
      return `${providerName} limits the rate of requests.`;
    case "overloaded":
      return `${providerName} is overloaded.`;
    case "context_window_exceeded":
      return "The conversation is longer than the model's context window.";
    case "connection_failed":
      return `The connection to ${hostOf(baseUrl)} failed.`;
    case "timed_out":
      return `${hostOf(baseUrl)} did not answer in time.`;
    case "invalid_request":
      return `${providerName} refused the request.`;
    case "content_filtered":
      return `${providerName} filtered the content.`;
    case "response_malformed":
      return `The reply of ${providerName} could not be read.`;
    case "server_failed":
      return `${providerName} failed.`;
  }
}

/** The host alone: the rest of a URL may hold a name and a password. */
export function hostOf(baseUrl: string): string {
  return new URL(baseUrl).host;
}

/** The vendor may echo the key in its own words; then its error is not kept as a cause. */
function mentions(thrown: unknown, secrets: readonly string[]): boolean {
  for (let error = thrown; typeof error === "object" && error !== null; ) {
    const body = "error" in error ? JSON.stringify(error.error) : "";
    const text = `${error instanceof Error ? `${error.message}\n${error.stack}` : ""}\n${body}`;
    if (redact(text, secrets) !== text) return true;
    error = "cause" in error ? error.cause : undefined;
  }
  return false;
}

function isHeaderSource(value: unknown): value is HeaderSource {
  return typeof value === "object" && value !== null && "get" in value && typeof value.get === "function";
}
