import type { ProviderErrorCode } from "@agentwerk/core";
import { ProviderError } from "@agentwerk/core";

/*
 * The proxy wraps the vendors' errors: `{ message: "litellm.ContextWindowExceededError: litellm.BadRequestError:
 * AnthropicException - …", type, code: "400" }`. The class names in the message say more than its status.
 * https://docs.litellm.ai/docs/proxy/error_reference and …/docs/exception_mapping
 */
const classes: readonly (readonly [RegExp, ProviderErrorCode])[] = [
  [/\bContextWindowExceededError\b/, "context_window_exceeded"],
  [/\bContentPolicyViolationError\b/, "content_filtered"],
  [
    /\bbudget_exceeded\b|\bBudgetExceededError\b|\bBudget has been exceeded\b|\bExceededBudget\b/i,
    "rate_limited",
  ],
  [/\blitellm\.Timeout\b/, "timed_out"],
];

/** Waiting does not bring back money that was spent. */
const final = /budget|insufficient_quota|exceeded your current quota/i;

/** A model all of whose deployments rest after failures: "Try again in 5 seconds." */
const cooldown = /no deployments available.{0,300}?try again in (\d+(?:\.\d+)?) seconds/is;

/** What the client under it reports, read once more with what is known of the proxy. */
export function refineError(thrown: unknown): unknown {
  if (!ProviderError.isInstance(thrown)) return thrown;
  const { provider, status, requestId, cause, message } = thrown;
  const reason = classes.find(([wording]) => wording.test(message))?.[1] ?? thrown.reason;
  const restSeconds = cooldown.exec(message)?.[1];
  return new ProviderError({
    provider,
    reason,
    message: message.replace(advice, adviceFor(message)),
    ...(reason === thrown.reason ? { retryable: thrown.retryable } : {}),
    ...(reason === "rate_limited" && final.test(message) ? { retryable: false } : {}),
    retryAfterMs:
      thrown.retryAfterMs ?? (restSeconds === undefined ? undefined : Number(restSeconds) * 1_000),
    status,
    requestId,
    cause,
  });
}

const advice = "check OPENAI_API_KEY or apiKey.";

/** Two keys can be wrong: ours for the proxy, and the proxy's for the vendor. */
function adviceFor(message: string): string {
  return /\w+Exception\b/.test(message)
    ? "the key that the proxy holds for the model's vendor is the one refused, see the proxy's configuration."
    : "check LITELLM_API_KEY or apiKey.";
}
