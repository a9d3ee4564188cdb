import type { TicketPolicy } from "../agent/agent-definition.ts";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { type Policy, policyDefaults } from "../policy/policy.ts";
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
}

/** An agent's policy over the run's over the defaults. */
export function ticketLimits(run: Policy, agent: TicketPolicy): TicketLimits {
  const policy = { ...policyDefaults, ...defined(run), ...defined(agent) };
  return {
    maxTurns: count(policy.maxTurns, "maxTurns", 1),
    maxRequestTokens:
      policy.maxRequestTokens === undefined
        ? undefined
        : count(policy.maxRequestTokens, "maxRequestTokens", 1),
    maxSchemaRetries: count(policy.maxSchemaRetries, "maxSchemaRetries", 0),
    maxRequestRetries: count(policy.maxRequestRetries, "maxRequestRetries", 0),
    requestRetryDelayMs: toMilliseconds(policy.requestRetryDelay ?? 0, "policy.requestRetryDelay"),
    maxAttempts: count(policy.maxAttempts, "maxAttempts", 1),
    toolTimeoutMs: toMilliseconds(policy.toolTimeout ?? 0, "policy.toolTimeout"),
  };
}

function count(value: number | undefined, name: string, least: number): number {
  if (value !== undefined && Number.isInteger(value) && value >= least) return value;
  throw new AgentwerkError({
    code: "invalid_input",
    field: `policy.${name}`,
    message: `policy.${name} is ${value}; give a whole number from ${least}.`,
  });
}

function defined<Value extends object>(value: Value): Partial<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Partial<Value>;
}
