import type { Model, ModelOptions } from "@agentwerk/core";
import { defineModel } from "@agentwerk/core";
import type { MistralProviderOptions } from "./mistral-options.ts";
import { mistralProvider } from "./mistral-provider.ts";
import { findModelFamily } from "./model-families.ts";

export interface MistralModelOptions
  extends MistralProviderOptions,
    Omit<ModelOptions, "provider" | "name"> {}

/**
 * A model of Mistral. Context window and price come from the table of known models unless given.
 * @throws AgentwerkError `invalid_input` for a missing key or a malformed option.
 */
export function mistral(name: string, options: MistralModelOptions = {}): Model {
  const provider = mistralProvider(options);
  const family = findModelFamily(name);
  return defineModel({
    provider,
    name,
    contextWindow: options.contextWindow ?? family?.contextWindow,
    maxOutputTokens: options.maxOutputTokens,
    price: options.price ?? family?.price,
    accepts: options.accepts ?? family?.accepts,
    temperature: options.temperature,
    extraBody: options.extraBody,
  });
}
