import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Provider } from "./provider.ts";
import type { Usage } from "./usage.ts";

/** US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Defaults to `input`. */
  readonly cacheRead?: number | undefined;
  /** Defaults to `input`. */
  readonly cacheWrite?: number | undefined;
}

/** What a model may take besides text. */
export type FileKind = "image" | "document";

export interface ModelOptions {
  readonly provider: Provider;
  /** The vendor's name of the model. */
  readonly name: string;
  /** Tokens that one request and its reply may hold together. */
  readonly contextWindow?: number | undefined;
  /** Upper limit for one reply, in tokens; sent with every request. */
  readonly maxOutputTokens?: number | undefined;
  readonly price?: Price | undefined;
  /** Files that the model takes besides text. Tools describe in words what it does not take; nothing but text unless given. */
  readonly accepts?: readonly FileKind[] | undefined;
  readonly temperature?: number | undefined;
  /** Sent to the vendor with every request; keys are the vendor's own. */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/** A provider joined with the name of one of its models. Plain data: spread it to override a field. */
export interface Model extends ModelOptions {
  readonly contextWindow: number;
}

/** Assumed when neither the user nor the provider's table knows the model; small enough for local ones. */
export const unknownContextWindow = 32_768;

/** @throws AgentwerkError `invalid_input` for an empty name or a limit that is not a positive number. */
export function defineModel(options: ModelOptions): Model {
  if (options.name.trim() === "") refuse("model.name", "is empty; give the vendor's name of the model");
  for (const field of ["contextWindow", "maxOutputTokens"] as const) {
    const value = options[field];
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      refuse(`model.${field}`, `is ${value}; give a whole number of tokens above 0`);
    }
  }
  return { ...options, contextWindow: options.contextWindow ?? unknownContextWindow };
}

/** What a request cost in US dollars; `undefined` when the model has no price. */
export function costOf(usage: Usage, price: Price | undefined): number | undefined {
  if (price === undefined) return undefined;
  const fresh = usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens;
  const microDollars =
    fresh * price.input +
    usage.cacheReadTokens * (price.cacheRead ?? price.input) +
    usage.cacheWriteTokens * (price.cacheWrite ?? price.input) +
    usage.outputTokens * price.output;
  return microDollars / 1_000_000;
}

function refuse(field: string, problem: string): never {
  throw new AgentwerkError({ code: "invalid_input", field, message: `${field} ${problem}.` });
}
