import type { Failure, HeaderSource, VendorErrors } from "@agentwerk/core/provider-kit";

/** What OpenAI says in errors beyond what all vendors say. */
export const openaiErrors: VendorErrors = {
  keyVariable: "OPENAI_API_KEY",
  reasonOf: ({ code }) => (filterCodes.has(code) ? "content_filtered" : undefined),
  isFinal: isQuotaExhausted,
  retryAfterMs: readRateLimitReset,
};

/** How a response fails whose prompt a policy stopped; after `ResponseError` of the SDK. */
const filterCodes: ReadonlySet<unknown> = new Set([
  "invalid_prompt",
  "bio_policy",
  "cyber_policy",
  "misalignment_policy_violation",
  "image_content_policy_violation",
]);

function isQuotaExhausted({ code, type }: Failure): boolean {
  return code === "insufficient_quota" || type === "insufficient_quota";
}

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The reset time of the rate limit that is used up, in milliseconds. */
export function readRateLimitReset(headers: HeaderSource): number | undefined {
  const resets: number[] = [];
  for (const kind of ["requests", "tokens"]) {
    if (headers.get(`x-ratelimit-remaining-${kind}`) !== "0") continue;
    const reset = readSpan(headers.get(`x-ratelimit-reset-${kind}`) ?? "");
    if (reset !== undefined) resets.push(reset);
  }
  return resets.length === 0 ? undefined : Math.max(...resets);
}

/** OpenAI writes `20ms`, `1.5s`, `6m0s`. */
function readSpan(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    sum += Number(amount) * unitMs[unit as keyof typeof unitMs];
  }
  return Math.ceil(sum);
}
