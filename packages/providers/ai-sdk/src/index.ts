export { aiSdk } from "./ai-sdk.ts";
export type { AiSdkModelOptions } from "./ai-sdk-options.ts";
export type { AiSdkLanguageModel } from "./language-model.ts";
