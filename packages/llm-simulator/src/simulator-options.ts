import type { BehaviourOptions } from "./behaviour/behaviour.ts";
import type { ChatDialect } from "./chat-completions/chat-dialect.ts";
import type { Fault } from "./fault/fault.ts";
import { faultKinds, toFaultOptions } from "./fault/fault.ts";
import { SimulatorError } from "./simulator-error.ts";

export interface SimulatorOptions extends BehaviourOptions {
  /** Default 0: any free port. Always on 127.0.0.1. */
  readonly port?: number | undefined;
  /** Milliseconds before the first byte of a reply. Default 0. */
  readonly latencyMs?: number | undefined;
  /** The pace of the reply; all at once unless given. */
  readonly tokensPerSecond?: number | undefined;
  /** Tokens that one stream event carries. Default 4. */
  readonly tokensPerEvent?: number | undefined;
  /** Requests with another key get a 401. Any key, or none, is welcome unless given. */
  readonly apiKey?: string | undefined;
  /** Other models get a 404. Every name is welcome unless given. */
  readonly models?: readonly string[] | undefined;
  /** Tokens; a longer prompt is refused in the vendor's words. */
  readonly contextWindow?: number | undefined;
  /** Counts what an earlier request began with as cached tokens. Default false. */
  readonly promptCache?: boolean | undefined;
  /** How compatible servers differ from OpenAI. */
  readonly chatDialect?: ChatDialect | undefined;
  /** Requests kept for assertions, the newest. Default 1,000. */
  readonly recordLimit?: number | undefined;
}

export interface ResolvedOptions {
  readonly port: number;
  readonly latencyMs: number;
  readonly tokensPerSecond: number | undefined;
  readonly tokensPerEvent: number;
  readonly apiKey: string | undefined;
  readonly models: readonly string[] | undefined;
  readonly contextWindow: number | undefined;
  readonly promptCache: boolean;
  readonly chatDialect: ChatDialect;
  readonly recordLimit: number;
}

/**
 * Applies the defaults.
 * @throws SimulatorError `invalid_options` naming the option.
 */
export function resolveOptions(options: SimulatorOptions): ResolvedOptions {
  checkNumber("port", options.port, (port) => Number.isInteger(port) && port >= 0 && port <= 65_535);
  checkNumber("latencyMs", options.latencyMs, (delay) => delay >= 0);
  checkNumber("tokensPerSecond", options.tokensPerSecond, (rate) => rate > 0);
  checkNumber("tokensPerEvent", options.tokensPerEvent, (count) => Number.isInteger(count) && count > 0);
  checkNumber("contextWindow", options.contextWindow, (tokens) => tokens > 0);
  checkNumber("recordLimit", options.recordLimit, (limit) => limit >= 0);
  return {
    port: options.port ?? 0,
    latencyMs: options.latencyMs ?? 0,
    tokensPerSecond: options.tokensPerSecond,
    tokensPerEvent: options.tokensPerEvent ?? 4,
    apiKey: options.apiKey,
    models: options.models,
    contextWindow: options.contextWindow,
    promptCache: options.promptCache ?? false,
    chatDialect: options.chatDialect ?? {},
    recordLimit: options.recordLimit ?? 1_000,
  };
}

/** @throws SimulatorError `invalid_options` for a fault that does not exist, in the script or in the schedule. */
export function checkBehaviour(options: BehaviourOptions): void {
  for (const [index, { fault }] of (options.faults ?? []).entries()) checkFault(`faults[${index}]`, fault);
  for (const [index, step] of (options.script ?? []).entries()) {
    if (typeof step === "object" && step.fault !== undefined) checkFault(`script[${index}]`, step.fault);
  }
}

function checkFault(place: string, fault: Fault): void {
  const { kind } = toFaultOptions(fault);
  if (faultKinds.includes(kind)) return;
  throw new SimulatorError(
    "invalid_options",
    `${place} has the unknown fault ${JSON.stringify(kind)}; faults are ${faultKinds.join(", ")}.`,
  );
}

function checkNumber(name: string, value: number | undefined, isValid: (value: number) => boolean): void {
  if (value === undefined || (Number.isFinite(value) && isValid(value))) return;
  throw new SimulatorError("invalid_options", `${name} is ${value}; that is out of range.`);
}
