import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { type Duration, toMilliseconds } from "../util/duration.ts";
import { refuseUnknownOptions } from "../util/refuse-unknown-options.ts";

/** The limits of each ticket on its own. */
export interface TicketPolicy {
  /** Model requests that got an answer, counted since a person last spoke on the ticket; 200 unless given. */
  readonly maxTurns?: number | undefined;
  /** Output tokens of one request. */
  readonly maxRequestTokens?: number | undefined;
  /** Corrections before the ticket fails; 10 unless given. */
  readonly maxSchemaRetries?: number | undefined;
  /** Repeats of one request after a retryable failure; 10 unless given. */
  readonly maxRequestRetries?: number | undefined;
  /** The first pause before a repeat, 500 ms unless given; doubles each time, up to 32 s. */
  readonly requestRetryDelay?: Duration | undefined;
  /** Starts of the ticket, counted again after each crash; 5 unless given. */
  readonly maxAttempts?: number | undefined;
  /** For tools that name no time limit of their own; 2 minutes unless given. */
  readonly toolTimeout?: Duration | undefined;
  /** Share of the context window, 0.85 unless given, above which older messages are summarised before a request. */
  readonly compactionThreshold?: number | undefined;
  /**
   * Turns in a row with the same calls and the same results before the ticket fails, 6 unless given; halfway the model
   * is told. A call that a crash cut short does not count.
   */
  readonly maxRepeatedCalls?: number | undefined;
  /** Length of a chain of handovers, 50 unless given. */
  readonly maxHandovers?: number | undefined;
}

/** The limits of a run, and of each of its tickets. Absent limits of the run do not limit. */
export interface Policy extends TicketPolicy {
  /** Tickets picked up. */
  readonly maxSteps?: number | undefined;
  readonly maxTime?: Duration | undefined;
  readonly maxInputTokens?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  /** US dollars. A model without a price is refused at the start. */
  readonly maxCost?: number | undefined;
}

/** The defaults of {@link TicketPolicy}, in milliseconds where they are times. */
export const policyDefaults: {
  readonly maxTurns: number;
  readonly maxSchemaRetries: number;
  readonly maxRequestRetries: number;
  readonly requestRetryDelay: number;
  readonly maxAttempts: number;
  readonly toolTimeout: number;
  readonly compactionThreshold: number;
  readonly maxRepeatedCalls: number;
  readonly maxHandovers: number;
} = {
  maxTurns: 200,
  maxSchemaRetries: 10,
  maxRequestRetries: 10,
  requestRetryDelay: 500,
  maxAttempts: 5,
  toolTimeout: 120_000,
  compactionThreshold: 0.85,
  maxRepeatedCalls: 6,
  maxHandovers: 50,
};

/** No pause before a repeat is longer, unless the vendor asks for more. */
export const longestRetryDelayMs = 32_000;

interface Rule {
  readonly kind: "count" | "amount" | "share" | "duration";
  /** Of a count. */
  readonly least?: number;
}

const ticketRules: Readonly<Record<keyof TicketPolicy, Rule>> = {
  maxTurns: { kind: "count", least: 1 },
  maxRequestTokens: { kind: "count", least: 1 },
  maxSchemaRetries: { kind: "count", least: 0 },
  maxRequestRetries: { kind: "count", least: 0 },
  requestRetryDelay: { kind: "duration" },
  maxAttempts: { kind: "count", least: 1 },
  toolTimeout: { kind: "duration" },
  compactionThreshold: { kind: "share" },
  maxRepeatedCalls: { kind: "count", least: 2 },
  maxHandovers: { kind: "count", least: 1 },
};

const runRules: Readonly<Record<keyof Policy, Rule>> = {
  ...ticketRules,
  maxSteps: { kind: "count", least: 1 },
  maxTime: { kind: "duration" },
  maxInputTokens: { kind: "count", least: 1 },
  maxOutputTokens: { kind: "count", least: 1 },
  maxCost: { kind: "amount" },
};

/**
 * Checks a policy where it is given.
 * @throws AgentwerkError `invalid_input` naming the limit: `policy.maxTime`.
 */
export function checkPolicy(policy: Policy): void {
  check(policy, runRules);
}

/** The same for the limits that an agent may set. */
export function checkTicketPolicy(policy: TicketPolicy): void {
  check(policy, ticketRules);
}

function check(policy: object, rules: Readonly<Record<string, Rule>>): void {
  refuseUnknownOptions(policy, { known: new Set(Object.keys(rules)), of: "policy" });
  for (const [name, value] of Object.entries(policy)) {
    const rule = rules[name];
    if (value === undefined || rule === undefined) continue;
    const field = `policy.${name}`;
    if (rule.kind === "duration") {
      toMilliseconds(value as Duration, field);
      continue;
    }
    if (fits(value, rule)) continue;
    const message = `${field} is ${JSON.stringify(value) ?? String(value)}; give ${describe(rule)}.`;
    throw new AgentwerkError({ code: "invalid_input", field, message });
  }
}

function fits(value: unknown, { kind, least = 0 }: Rule): boolean {
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (kind === "count") return Number.isInteger(value) && value >= least;
  return value > 0 && (kind !== "share" || value <= 1);
}

function describe({ kind, least = 0 }: Rule): string {
  if (kind === "count") return `a whole number from ${least}`;
  return kind === "share" ? "a number above 0 and up to 1" : "a number above 0";
}
