import type { Model, ModelOptions, Price } from "@agentwerk/core";
import { defineModel } from "@agentwerk/core";
import type { AnthropicProviderOptions } from "./anthropic-options.ts";
import { anthropicProvider } from "./anthropic-provider.ts";
import { findModelFamily, type ModelFamily } from "./model-families.ts";

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
    price: options.price ?? priceOf(family, options.promptCache),
    accepts: options.accepts ?? (family === undefined ? undefined : ["image", "document"]),
    temperature: options.temperature,
    extraBody: options.extraBody,
  });
}

/** What is kept for an hour costs twice as much as other input (platform.claude.com/docs/en/about-claude/pricing). */
function priceOf(
  family: ModelFamily | undefined,
  promptCache: AnthropicProviderOptions["promptCache"],
): Price | undefined {
  if (family === undefined || promptCache !== "1h") return family?.price;
  return { ...family.price, cacheWrite: 2 * family.price.input };
}
