import { policyDefaults, type TicketPolicy } from "../policy/policy.ts";
import { toMilliseconds } from "../util/duration.ts";

/** The limits of one ticket in plain numbers. */
export interface TicketLimits {
  readonly maxTurns: number;
  readonly maxRequestTokens: number | undefined;
  readonly maxSchemaRetries: number;
  readonly maxRequestRetries: number;
  readonly requestRetryDelayMs: number;
  readonly maxAttempts: number;
  readonly toolTimeoutMs: number;
  readonly compactionThreshold: number;
  readonly maxRepeatedCalls: number;
  readonly maxHandovers: number;
}

/** An agent's limits over the run's over the defaults; both were checked where they were given. */
export function ticketLimits(run: TicketPolicy, agent: TicketPolicy): TicketLimits {
  const pick = <Name extends keyof typeof policyDefaults>(
    name: Name,
  ): NonNullable<TicketPolicy[Name]> | (typeof policyDefaults)[Name] =>
    (agent[name] ?? run[name] ?? policyDefaults[name]) as NonNullable<TicketPolicy[Name]>;
  return {
    maxTurns: pick("maxTurns"),
    maxRequestTokens: agent.maxRequestTokens ?? run.maxRequestTokens,
    maxSchemaRetries: pick("maxSchemaRetries"),
    maxRequestRetries: pick("maxRequestRetries"),
    requestRetryDelayMs: toMilliseconds(pick("requestRetryDelay"), "policy.requestRetryDelay"),
    maxAttempts: pick("maxAttempts"),
    toolTimeoutMs: toMilliseconds(pick("toolTimeout"), "policy.toolTimeout"),
    compactionThreshold: pick("compactionThreshold"),
    maxRepeatedCalls: pick("maxRepeatedCalls"),
    maxHandovers: pick("maxHandovers"),
  };
}
