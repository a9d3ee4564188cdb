export { type AnthropicModelOptions, anthropic } from "./anthropic.ts";
export type { AnthropicProviderOptions } from "./anthropic-options.ts";
export { anthropicProvider } from "./anthropic-provider.ts";
export { findModelFamily, type ModelFamily, modelFamilies } from "./model-families.ts";
