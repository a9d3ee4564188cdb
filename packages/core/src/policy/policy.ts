import type { Duration } from "../util/duration.ts";

/** The limits of a run. Absent limits do not limit. */
export interface Policy {
  /** Tickets picked up. */
  readonly maxSteps?: number | undefined;
  /** Model requests per ticket that got an answer. */
  readonly maxTurns?: number | undefined;
  readonly maxTime?: Duration | undefined;
  readonly maxInputTokens?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  /** Output tokens of one request. */
  readonly maxRequestTokens?: number | undefined;
  /** US dollars. A model without a price is refused at the start. */
  readonly maxCost?: number | undefined;
  /** Corrections per ticket before it fails. */
  readonly maxSchemaRetries?: number | undefined;
  /** Repeats of one request after a retryable failure. */
  readonly maxRequestRetries?: number | undefined;
  /** The first pause before a repeat; doubles each time. */
  readonly requestRetryDelay?: Duration | undefined;
  /** Starts per ticket, counted again after each crash. */
  readonly maxAttempts?: number | undefined;
  /** For tools that name no time limit of their own. */
  readonly toolTimeout?: Duration | undefined;
  /** Share of the context window at which older messages are summarised. */
  readonly compactionThreshold?: number | undefined;
}

export const policyDefaults: Policy = {
  maxTurns: 200,
  maxSchemaRetries: 10,
  maxRequestRetries: 10,
  requestRetryDelay: "500ms",
  maxAttempts: 5,
  toolTimeout: "2m",
  compactionThreshold: 0.85,
};

/** No pause before a repeat is longer, unless the vendor asks for more. */
export const longestRetryDelayMs = 32_000;
