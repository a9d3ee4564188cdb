export type { ChatDialect } from "./chat-dialect.ts";
export type { CompatibilityOptions } from "./compatibility.ts";
export { findModelFamily, type ModelFamily, modelFamilies } from "./model-families.ts";
export { type OpenAIModelOptions, openai } from "./openai.ts";
export { readRateLimitReset } from "./openai-errors.ts";
export type { OpenAIProviderOptions } from "./openai-options.ts";
export { chatProvider, openaiProvider } from "./openai-provider.ts";
