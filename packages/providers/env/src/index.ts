export { type DetectedProvider, detectProvider, type Environment } from "./detect-provider.ts";
export { type ModelFromEnvOptions, modelFromEnv } from "./model-from-env.ts";
export type { VendorName } from "./vendors.ts";
