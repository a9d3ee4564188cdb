import type { ProviderErrorCode } from "@agentwerk/core";
import type { Failure, HeaderSource } from "@agentwerk/core/provider-kit";
import { type ChatDialect, readRateLimitReset } from "./chat-completions.ts";

/** What the proxy says beyond what OpenAI says. */
export const litellmDialect: ChatDialect = {
  errors: {
    // Two keys can be wrong: ours for the proxy, and the proxy's for the vendor.
    keyVariable: "LITELLM_API_KEY, the key that the proxy holds for the model's vendor,",
    reasonOf: toReason,
    isFinal: ({ type, message }) => spent.test(`${String(type)} ${message}`),
    retryAfterMs: (headers, _, failure) => readRateLimitReset(headers) ?? readCooldown(failure),
  },
  readCost,
};

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
const spent = /budget|insufficient_quota|exceeded your current quota/i;

function toReason({ type, message }: Failure): ProviderErrorCode | undefined {
  const text = `${String(type)} ${message}`;
  return classes.find(([wording]) => wording.test(text))?.[1];
}

/** A model all of whose deployments rest after failures: "Try again in 5 seconds." */
function readCooldown({ message }: Failure): number | undefined {
  const cooldown = /no deployments available.{0,300}?try again in (\d+(?:\.\d+)?) seconds/is;
  const seconds = cooldown.exec(message)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

/** Only replies that are not streamed have it; a stream tells its cost in the usage, if the proxy is set up so. */
function readCost(headers: HeaderSource): number | undefined {
  const text = headers.get("x-litellm-response-cost");
  const cost = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(cost) && cost >= 0 ? cost : undefined;
}
