import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { toErrorMessage } from "../errors/to-error-message.ts";
import { type AssistantContent, textBlock } from "../provider/content.ts";
import { defineModel, type Model, type ModelOptions } from "../provider/model.ts";
import type {
  ModelRequest,
  ModelResponse,
  Provider,
  RespondOptions,
  StopReason,
} from "../provider/provider.ts";
import { ProviderError, type ProviderErrorCode } from "../provider/provider-error.ts";
import { noUsage, type Usage } from "../provider/usage.ts";
import type { JsonValue } from "../util/json.ts";

/** What the scripted model does with one request. */
export interface ScriptedReply {
  readonly content?: readonly AssistantContent[] | undefined;
  /** `tool_calls` when the content calls a tool, else `end_turn`. */
  readonly stopReason?: StopReason | undefined;
  readonly usage?: Partial<Usage> | undefined;
  /** Fails instead of answering. */
  readonly failure?:
    | { readonly reason: ProviderErrorCode; readonly retryAfterMs?: number; readonly message?: string }
    | undefined;
  /** Never answers: only an abort ends the request. */
  readonly hangs?: boolean | undefined;
}

/** A reply, or a function of the request that makes one; an assertion inside may throw. */
export type ScriptStep = ScriptedReply | ((request: ModelRequest) => ScriptedReply | Promise<ScriptedReply>);

export interface ScriptedProvider {
  readonly provider: Provider;
  readonly model: Model;
  /** Every request, as it was when it came. */
  readonly requests: readonly ModelRequest[];
  /** @throws AgentwerkError `test_script_mismatch` listing unexpected requests, failed assertions and steps left over. */
  assertFinished(): void;
}

/**
 * A provider in process for tests. An array of steps is used up in order: a request past its end, and a step that
 * nobody asked for, both fail `assertFinished`. A function answers any number of requests.
 */
export function scriptedProvider(
  script: readonly ScriptStep[] | ((request: ModelRequest) => ScriptedReply | Promise<ScriptedReply>),
  options: Partial<Omit<ModelOptions, "provider">> = {},
): ScriptedProvider {
  const requests: ModelRequest[] = [];
  const problems: string[] = [];
  let used = 0;
  let calls = 0;

  const nextStep = (request: ModelRequest): ScriptStep => {
    if (typeof script === "function") return script;
    const step = script[used];
    if (step === undefined) {
      const last = request.messages.at(-1);
      const problem = `Request ${requests.length} was not expected, the script has ${script.length} steps; its last message: ${JSON.stringify(last)?.slice(0, 300)}`;
      problems.push(problem);
      throw new AgentwerkError({ code: "test_script_mismatch", message: problem });
    }
    used++;
    return step;
  };

  const provider: Provider = {
    name: "scripted",
    async respond(request, { signal, onEvent }) {
      requests.push({ ...request, messages: [...request.messages] });
      const step = nextStep(request);
      const reply = typeof step === "function" ? await runStep(step, { request, problems }) : step;
      if (reply.hangs === true) await untilAborted(signal);
      signal?.throwIfAborted();
      if (reply.failure !== undefined) throw toProviderError(reply.failure);
      const content = (reply.content ?? []).map((block) =>
        block.type === "tool_call" && block.id === "" ? { ...block, id: `call_${++calls}` } : block,
      );
      stream(content, onEvent);
      return toResponse(reply, { content, model: request.model });
    },
  };
  return {
    provider,
    requests,
    model: defineModel({ name: "scripted-model", contextWindow: 128_000, ...options, provider }),
    assertFinished() {
      const left = typeof script === "function" ? [] : script.slice(used);
      const found = [...problems, ...left.map((step) => `Nobody asked for this step: ${describe(step)}`)];
      if (found.length > 0)
        throw new AgentwerkError({ code: "test_script_mismatch", message: found.join("\n") });
    },
  };
}

/** A reply of plain text. */
export function says(text: string): ScriptedReply {
  return { content: [textBlock(text)] };
}

/** A reply that calls tools, one or several. */
export function calls(...tools: readonly (readonly [name: string, input: JsonValue])[]): ScriptedReply {
  return { content: tools.map(([name, input]) => ({ type: "tool_call", id: "", name, input })) };
}

/** A reply that finishes a ticket without a schema, or, given an object, one with a schema. */
export function writesResult(result: JsonValue): ScriptedReply {
  const isArguments = typeof result === "object" && result !== null && !Array.isArray(result);
  return calls(["write_result", isArguments ? result : { result }]);
}

/** A failed request. */
export function fails(
  reason: ProviderErrorCode,
  options: { readonly retryAfterMs?: number } = {},
): ScriptedReply {
  return { failure: { reason, ...options } };
}

async function runStep(
  step: (request: ModelRequest) => ScriptedReply | Promise<ScriptedReply>,
  { request, problems }: { readonly request: ModelRequest; readonly problems: string[] },
): Promise<ScriptedReply> {
  try {
    return await step(request);
  } catch (error) {
    problems.push(toErrorMessage(error));
    throw error;
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = (): void => reject(signal?.reason);
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

function toProviderError(failure: NonNullable<ScriptedReply["failure"]>): ProviderError {
  const { reason, retryAfterMs, message = `The scripted model failed: ${reason}` } = failure;
  return new ProviderError({ provider: "scripted", reason, message, retryAfterMs });
}

function stream(content: readonly AssistantContent[], onEvent: RespondOptions["onEvent"]): void {
  if (onEvent === undefined) return;
  for (const block of content)
    if (block.type !== "tool_call") onEvent({ type: block.type, text: block.text });
}

function toResponse(
  reply: ScriptedReply,
  { content, model }: { readonly content: readonly AssistantContent[]; readonly model: string },
): ModelResponse {
  const callsTool = content.some(({ type }) => type === "tool_call");
  return {
    content,
    stopReason: reply.stopReason ?? (callsTool ? "tool_calls" : "end_turn"),
    usage: reply.usage === undefined ? noUsage : { ...noUsage, ...reply.usage },
    model,
  };
}

function describe(step: ScriptStep): string {
  return typeof step === "function" ? "a function" : JSON.stringify(step).slice(0, 200);
}
