export type { CompatibilityOptions } from "./compatibility.ts";
export { findModelFamily, type ModelFamily, modelFamilies } from "./model-families.ts";
export { type OpenAIModelOptions, openai } from "./openai.ts";
export type { OpenAIProviderOptions } from "./openai-options.ts";
export { openaiProvider } from "./openai-provider.ts";
