export { type MistralModelOptions, mistral } from "./mistral.ts";
export type { MistralProviderOptions } from "./mistral-options.ts";
export { mistralProvider } from "./mistral-provider.ts";
export { findModelFamily, type ModelFamily, modelFamilies } from "./model-families.ts";
