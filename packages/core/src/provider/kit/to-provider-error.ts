import type { ProviderErrorCode } from "../provider-error.ts";
import { ProviderError } from "../provider-error.ts";
import { addressRefused } from "./connection-error.ts";
import { isContextWindowExceeded } from "./context-window.ts";
import type { Endpoint } from "./endpoint.ts";
import { hostOf } from "./endpoint.ts";
import type { Failure, FailureBody } from "./failure.ts";
import { hasErrorBody, isMalformed, isTimeout, readFailure, requestIdOf } from "./failure.ts";
import { mentions, redact } from "./redact.ts";
import { isRedirect, tellRedirect } from "./redirect.ts";
import type { HeaderSource } from "./retry-after.ts";
import { readRetryAfter } from "./retry-after.ts";

/** What one vendor's errors say that the general rules do not know; everything is optional. */
export interface VendorErrors {
  /** Named in the advice for a refused key: `OPENAI_API_KEY`. */
  readonly keyVariable: string;
  /** The body of an error, where it is not in the fields `code`, `type` and `message`. */
  readonly bodyOf?: (thrown: unknown) => FailureBody | undefined;
  /** Asked before the general rules. */
  readonly reasonOf?: (failure: Failure) => ProviderErrorCode | undefined;
  /** True when waiting does not help, although the reason suggests it: an exhausted quota. */
  readonly isFinal?: (failure: Failure) => boolean;
  /** Headers other than `retry-after`, or the words of the failure. */
  readonly retryAfterMs?: (headers: HeaderSource, now: number, failure: Failure) => number | undefined;
}

export interface ErrorContext {
  readonly endpoint: Endpoint;
  readonly vendor: VendorErrors;
  /** Of a reply that had begun. */
  readonly requestId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Whatever an SDK threw, as the one error that the loop understands. */
export function toProviderError(thrown: unknown, context: ErrorContext): ProviderError {
  const { endpoint, vendor, now } = context;
  const failure = readFailure(thrown, vendor.bodyOf?.(thrown));
  const reason = vendor.reasonOf?.(failure) ?? toReason(thrown, failure);
  const secrets = secretsOf(endpoint);
  const { headers } = failure;
  const told = isRedirect(failure)
    ? tellRedirect(failure, endpoint)
    : `${describe(reason, context)} ${redact(failure.message, secrets)}`.trim();
  return new ProviderError({
    provider: endpoint.providerName,
    reason,
    message: told,
    // Trying again changes nothing about an address.
    ...(failure.code === addressRefused || vendor.isFinal?.(failure) === true ? { retryable: false } : {}),
    retryAfterMs: headers && (readRetryAfter(headers, now) ?? vendor.retryAfterMs?.(headers, now, failure)),
    status: failure.status,
    requestId: (headers && requestIdOf(headers)) ?? context.requestId,
    // A redirect's headers and page hold the whole address, and that may hold keys.
    cause: isRedirect(failure) || mentions(thrown, secrets) ? undefined : thrown,
  });
}

/** The key and the values of custom headers. */
function secretsOf({ headers, apiKey }: Endpoint): readonly string[] {
  return [...Object.values(headers), ...(apiKey === undefined ? [] : [apiKey])];
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
  // 409 is a lock that timed out on the server, which the SDKs would try again too; 425 asks for it.
  if (status >= 500 || status === 409 || status === 425) return "server_failed";
  return "invalid_request";
}

function describe(reason: ProviderErrorCode, { endpoint, vendor }: ErrorContext): string {
  const { providerName, baseUrl } = endpoint;
  switch (reason) {
    case "authentication_failed":
      return `${providerName} refused the API key or its rights; check ${vendor.keyVariable} or apiKey.`;
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
