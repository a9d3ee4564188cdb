import type { Model, ModelOptions } from "@agentwerk/core";
import { defineModel } from "@agentwerk/core";
import type { AnthropicProviderOptions } from "./anthropic-options.ts";
import { anthropicProvider } from "./anthropic-provider.ts";
import { findModelFamily } from "./model-families.ts";

export interface AnthropicModelOptions
  extends AnthropicProviderOptions,
    Omit<ModelOptions, "provider" | "name"> {}

/**
 * A model of Anthropic. Context window and price come from the table of known models unless given.
 * @throws AgentwerkError `invalid_input` for a missing key or a malformed option.
 */
export function anthropic(name: string, options: AnthropicModelOptions = {}): Model {
  const provider = anthropicProvider(options);
  const family = findModelFamily(name);
  return defineModel({
    provider,
    name,
    contextWindow: options.contextWindow ?? family?.contextWindow,
    maxOutputTokens: options.maxOutputTokens,
    price: options.price ?? family?.price,
    accepts: options.accepts ?? (family === undefined ? undefined : ["image", "document"]),
    temperature: options.temperature,
    extraBody: options.extraBody,
  });
}
