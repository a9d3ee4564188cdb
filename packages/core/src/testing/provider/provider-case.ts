import type { ModelRequest, ModelResponse, ResponseEvent } from "../../provider/provider.ts";
import type { ProviderError } from "../../provider/provider-error.ts";
import { ProviderError as ProviderFailure } from "../../provider/provider-error.ts";
import type { BenchSettings, FarFault, FarReply, ProviderBench } from "./provider-bench.ts";

/** One promise that every provider keeps. */
export interface ProviderCase {
  /** Names the case for `skip`; words with underscores. */
  readonly id: string;
  /** What is true of a provider. */
  readonly title: string;
  /** With a listener, without one, or both ways. Default both. */
  readonly mode?: "streamed" | "whole";
  run(context: CaseContext): Promise<void>;
}

export interface CaseContext {
  readonly bench: ProviderBench;
  readonly streamed: boolean;
}

/** Never sent anywhere but to the bench; long enough to be searched for. */
export const benchKey = "sk-bench-0123456789abcdef";

export interface Answer {
  readonly response: ModelResponse;
  readonly events: readonly ResponseEvent[];
}

export interface AskOptions {
  readonly request?: Partial<ModelRequest>;
  readonly signal?: AbortSignal;
  readonly settings?: Partial<BenchSettings>;
  /** Hears every event, besides the answer. */
  readonly onEvent?: (event: ResponseEvent) => void;
}

/** Sends a request of which only the interesting part is given. */
export async function ask(context: CaseContext, options: AskOptions = {}): Promise<Answer> {
  const { bench, streamed } = context;
  const events: ResponseEvent[] = [];
  const provider = bench.provider({
    apiKey: benchKey,
    timeoutMs: 30_000,
    idleTimeoutMs: 30_000,
    ...options.settings,
  });
  const onEvent = (event: ResponseEvent): void => {
    events.push(event);
    options.onEvent?.(event);
  };
  const response = await provider.respond(
    { ...emptyRequest(bench.model), ...options.request },
    { signal: options.signal, ...(streamed ? { onEvent } : {}) },
  );
  return { response, events };
}

/** Lets the far side answer with `reply` and asks once. */
export function askFor(context: CaseContext, reply: FarReply, options: AskOptions = {}): Promise<Answer> {
  context.bench.script([reply]);
  return ask(context, options);
}

/** The error by which a provider reports a fault; fails when there is none, or another kind. */
export async function failWith(
  context: CaseContext,
  fault: FarFault,
  options: AskOptions = {},
): Promise<ProviderError> {
  const text = "This reply is long enough to be broken off somewhere in its middle, or so one hopes.";
  return failureOf(askFor(context, { text, fault }, options), fault.kind);
}

/** The error by which a provider reports that a request came to nothing; fails when it did not, or in another way. */
export async function failureOf(asked: Promise<Answer>, name: string): Promise<ProviderError> {
  const outcome = await asked.then(
    () => "it answered",
    (thrown: unknown) => thrown,
  );
  if (ProviderFailure.isInstance(outcome)) return outcome;
  throw new Error(`Expected a ProviderError for ${name}, but ${describe(outcome)}`, { cause: outcome });
}

function describe(outcome: unknown): string {
  return typeof outcome === "string" ? outcome : `it threw ${String(outcome)}`;
}

function emptyRequest(model: string): ModelRequest {
  return {
    model,
    system: "You answer briefly.",
    messages: [{ role: "user", content: [{ type: "text", text: "What is six times seven?" }] }],
    tools: [],
    toolChoice: "auto",
  };
}
