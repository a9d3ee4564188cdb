export { type LiteLLMModelOptions, litellm } from "./litellm.ts";
export type { LiteLLMProviderOptions } from "./litellm-options.ts";
export { litellmProvider } from "./litellm-provider.ts";
