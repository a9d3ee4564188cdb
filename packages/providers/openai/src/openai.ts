import type { Model, ModelOptions } from "@agentwerk/core";
import { defineModel } from "@agentwerk/core";
import { findModelFamily } from "./model-families.ts";
import type { OpenAIProviderOptions } from "./openai-options.ts";
import { openaiProvider } from "./openai-provider.ts";

export interface OpenAIModelOptions extends OpenAIProviderOptions, Omit<ModelOptions, "provider" | "name"> {}

/**
 * A model of OpenAI, or of a server that speaks its chat completions. Context window and price come from the table of
 * known models unless given.
 * @throws AgentwerkError `invalid_input` for a missing key or a malformed option.
 */
export function openai(name: string, options: OpenAIModelOptions = {}): Model {
  const provider = openaiProvider(options);
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
