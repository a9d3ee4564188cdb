import type { ProviderErrorCode } from "@agentwerk/core";
import type { Failure, VendorErrors } from "@agentwerk/core/provider-kit";

/** What the vendors behind the AI SDK say in errors beyond what all vendors say. */
export const aiSdkErrors: VendorErrors = {
  keyVariable: "the variable that the model's AI SDK package reads,",
  reasonOf: toReason,
  isFinal: isOutOfCredit,
};

/** The types of Anthropic, which also stand in streams, where there is no status, and one of Mistral. */
const reasons: ReadonlyMap<unknown, ProviderErrorCode> = new Map([
  ["overloaded_error", "overloaded"],
  ["rate_limit_error", "rate_limited"],
  ["timeout_error", "timed_out"],
  ["request_too_large", "context_window_exceeded"],
  ["authentication_error", "authentication_failed"],
  ["permission_error", "authentication_failed"],
  ["service_tier_capacity_exceeded", "overloaded"],
]);

/** Anthropic and Mistral; OpenAI and Azure have codes for it. */
const filtered = /blocked by (our )?content filter|guardrail|content moderation/i;

function toReason(failure: Failure): ProviderErrorCode | undefined {
  if (isOutOfCredit(failure)) return "rate_limited";
  if (filtered.test(`${String(failure.type)} ${failure.message}`)) return "content_filtered";
  return reasons.get(failure.type);
}

/** Waiting does not help: somebody has to pay first. */
function isOutOfCredit({ status, code, type, message }: Failure): boolean {
  if (status === 402 || type === "billing_error") return true;
  if (code === "insufficient_quota" || type === "insufficient_quota") return true;
  return /credit balance is too low|reached your specified (API|workspace API) usage limits/i.test(message);
}
