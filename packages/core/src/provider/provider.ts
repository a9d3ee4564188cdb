import type { JsonSchema } from "../schema/json-schema.ts";
import type { AssistantContent, Message } from "./content.ts";
import type { Usage } from "./usage.ts";

/** A tool as the model sees it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** A JSON Schema document of type `object`. */
  readonly inputSchema: JsonSchema;
}

export type ToolChoice = "auto" | "required" | "none" | { readonly tool: string };

export interface ModelRequest {
  /** The vendor's name of the model. */
  readonly model: string;
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice;
  /** Upper limit for this reply. */
  readonly maxOutputTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly stopSequences?: readonly string[] | undefined;
  /** Passed to the vendor as it is, after everything above; keys are the vendor's own. */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/** Why a model ended its reply. Only `end_turn` and `tool_calls` are complete answers. */
export type StopReason = "end_turn" | "tool_calls" | "max_output_tokens" | "refusal" | "pause";

export interface ModelResponse {
  readonly content: readonly AssistantContent[];
  readonly stopReason: StopReason;
  readonly usage: Usage;
  /** US dollars, where the service itself says what the request cost; goes before the model's price. */
  readonly cost?: number | undefined;
  /** The model that answered, as the vendor names it. */
  readonly model: string;
  readonly requestId?: string | undefined;
}

/** A piece of a reply while it is being written. */
export type ResponseEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string };

export interface RespondOptions {
  readonly signal?: AbortSignal | undefined;
  /** Present when somebody listens: the provider then streams. It must not throw. */
  readonly onEvent?: ((event: ResponseEvent) => void) | undefined;
}

/** A service that answers model requests. Implementations keep no state between requests and never retry. */
export interface Provider {
  /** Lower case, one word: `openai`. */
  readonly name: string;
  /**
   * Sends one request and resolves with the whole reply.
   * @throws ProviderError for every failure but an abort; the signal's own reason when it aborts.
   */
  respond(request: ModelRequest, options: RespondOptions): Promise<ModelResponse>;
}
