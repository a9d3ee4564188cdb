import type { Model, ModelOptions } from "@agentwerk/core";
import { defineModel } from "@agentwerk/core";
import { findModelFamily } from "./chat-completions.ts";
import type { LiteLLMProviderOptions } from "./litellm-options.ts";
import { litellmProvider } from "./litellm-provider.ts";

export interface LiteLLMModelOptions
  extends LiteLLMProviderOptions,
    Omit<ModelOptions, "provider" | "name"> {}

/**
 * A model behind a LiteLLM proxy, by the name that the proxy gives it: `anthropic/claude-sonnet-4-5`, or an alias of its
 * configuration. Window and price are known for OpenAI's models only; the proxy does not tell them with its replies.
 * @throws AgentwerkError `invalid_input` for a malformed option.
 */
export function litellm(name: string, options: LiteLLMModelOptions = {}): Model {
  const family = findModelFamily(name);
  return defineModel({
    provider: litellmProvider(options),
    name,
    contextWindow: options.contextWindow ?? family?.contextWindow,
    maxOutputTokens: options.maxOutputTokens,
    price: options.price ?? family?.price,
    accepts: options.accepts ?? (family === undefined ? undefined : ["image", "document"]),
    temperature: options.temperature,
    extraBody: options.extraBody,
  });
}
