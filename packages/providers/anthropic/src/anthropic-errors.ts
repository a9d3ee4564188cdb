import type { ProviderErrorCode } from "@agentwerk/core";
import { isJsonObject } from "@agentwerk/core";
import type { Failure, FailureBody, HeaderSource, VendorErrors } from "@agentwerk/core/provider-kit";

/** What Anthropic says in errors beyond what all vendors say. */
export const anthropicErrors: VendorErrors = {
  keyVariable: "ANTHROPIC_API_KEY",
  bodyOf: readBody,
  reasonOf: toReason,
  isFinal: isOutOfCredit,
  retryAfterMs: readRateLimitReset,
};

/** `{ type: "error", error: { type, message, details: { error_code } } }`, or its inner part from an event of a stream. */
function readBody(thrown: unknown): FailureBody | undefined {
  if (typeof thrown !== "object" || thrown === null || !("error" in thrown)) return undefined;
  const { error: outer } = thrown;
  if (!isJsonObject(outer)) return undefined;
  const body = isJsonObject(outer.error) ? outer.error : outer;
  const details = isJsonObject(body.details) ? body.details : {};
  return { type: body.type, message: body.message, code: details.error_code };
}

function toReason(failure: Failure): ProviderErrorCode | undefined {
  if (isOutOfCredit(failure)) return "rate_limited";
  if (/blocked by (our )?content filter/i.test(failure.message)) return "content_filtered";
  switch (failure.type) {
    case "overloaded_error":
      return "overloaded";
    case "rate_limit_error":
      return "rate_limited";
    case "timeout_error":
      return "timed_out";
    case "request_too_large":
      // A shorter conversation fits, as it does when the tokens are too many.
      return "context_window_exceeded";
    case "authentication_error":
    case "permission_error":
      return "authentication_failed";
    default:
      return undefined;
  }
}

/** Waiting does not help: somebody has to pay first, or to raise a limit. */
function isOutOfCredit({ status, type, code, message }: Failure): boolean {
  if (status === 402 || type === "billing_error") return true;
  if (typeof code === "string" && code.endsWith("spend_limit_reached")) return true;
  return /credit balance is too low|reached your specified (API|workspace API) usage limits/i.test(message);
}

/** The reset time of the limit that is used up; Anthropic writes RFC 3339 dates. */
export function readRateLimitReset(headers: HeaderSource, now: number): number | undefined {
  const resets: number[] = [];
  for (const kind of ["requests", "tokens", "input-tokens", "output-tokens"]) {
    if (headers.get(`anthropic-ratelimit-${kind}-remaining`) !== "0") continue;
    const reset = Date.parse(headers.get(`anthropic-ratelimit-${kind}-reset`) ?? "");
    if (!Number.isNaN(reset)) resets.push(Math.max(0, reset - now));
  }
  return resets.length === 0 ? undefined : Math.max(...resets);
}
