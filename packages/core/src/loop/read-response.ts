import type { ModelResponse, StopReason } from "../provider/provider.ts";
import { ProviderError } from "../provider/provider-error.ts";
import { noUsage, type Usage } from "../provider/usage.ts";

const stopReasons: Readonly<Record<StopReason, true>> = {
  end_turn: true,
  tool_calls: true,
  max_output_tokens: true,
  refusal: true,
  pause: true,
};

/**
 * A provider's answer as the loop needs it. A provider may leave out what its vendor does not count.
 * @throws ProviderError `response_malformed` when it is no answer by the contract: the provider's fault, which no repeat mends.
 */
export function readResponse(response: ModelResponse, provider: string): ModelResponse {
  const { content, stopReason } = response ?? {};
  if (!Array.isArray(content)) throw malformed(provider, "content that is no array", "an array of blocks");
  if (!Object.hasOwn(stopReasons, stopReason)) {
    const given = `the stopReason ${JSON.stringify(stopReason)}`;
    throw malformed(provider, given, `one of ${Object.keys(stopReasons).join(", ")}`);
  }
  const counted: Partial<Usage> = response.usage ?? {};
  const usage = { ...noUsage };
  for (const name of Object.keys(noUsage) as (keyof Usage)[]) {
    const count = counted[name];
    if (isAmount(count)) usage[name] = count;
  }
  // A vendor that counts what it read from its cache beside the input would make the rest of the input negative.
  usage.inputTokens = Math.max(usage.inputTokens, usage.cacheReadTokens + usage.cacheWriteTokens);
  const { cost, ...rest } = response;
  return { ...rest, usage, ...(isAmount(cost) && { cost }) };
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function malformed(provider: string, given: string, wanted: string): ProviderError {
  return new ProviderError({
    provider,
    reason: "response_malformed",
    retryable: false,
    message: `The provider ${provider} answered with ${given}; its respond() has to give ${wanted}. providerSuite of @agentwerk/core/testing finds such faults.`,
  });
}
