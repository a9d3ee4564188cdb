import type { Duration, ModelOptions } from "@agentwerk/core";
import { toMilliseconds } from "@agentwerk/core";
import type { Endpoint } from "@agentwerk/core/provider-kit";
import type { LanguageModelV4CallOptions, SharedV4ProviderOptions } from "@ai-sdk/provider";
import type { AiSdkLanguageModel } from "./language-model.ts";
import { type VendorRules, vendorRules } from "./vendor-rules.ts";

export interface AiSdkModelOptions extends Omit<ModelOptions, "provider" | "name"> {
  /** The AI SDK's `providerOptions`, sent with every request: `{ openai: { reasoningEffort: "low" } }`. */
  readonly providerOptions?: SharedV4ProviderOptions | undefined;
  /** How much the model thinks before it answers; the AI SDK translates it for each vendor. Version 4 models only. */
  readonly reasoning?: LanguageModelV4CallOptions["reasoning"] | undefined;
  /** Sent with every request, where the provider speaks HTTP. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How long to wait for the first byte of a streamed reply, or for a whole reply. Default 5 minutes. */
  readonly timeout?: Duration | undefined;
  /** How long a stream may be silent once it has begun. Default 2 minutes. */
  readonly idleTimeout?: Duration | undefined;
  /** False: models of Anthropic are not told what to cache. Default true. */
  readonly promptCache?: boolean | undefined;
  /** Stands in errors and on reasoning blocks. Default `ai-sdk-` and the vendor's name. */
  readonly providerName?: string | undefined;
}

/** All options with their defaults. */
export interface AiSdkSettings {
  readonly providerName: string;
  /** The key of the vendor in the AI SDK's `providerOptions`. */
  readonly namespace: string;
  readonly providerOptions: SharedV4ProviderOptions | undefined;
  readonly reasoning: LanguageModelV4CallOptions["reasoning"];
  readonly headers: Readonly<Record<string, string>>;
  readonly rules: VendorRules;
  readonly endpoint: Endpoint;
}

/** @throws AgentwerkError `invalid_input` naming the option. */
export function resolveOptions(
  { provider }: Pick<AiSdkLanguageModel, "provider">,
  options: AiSdkModelOptions,
): AiSdkSettings {
  const [vendor = provider] = provider.split(".");
  const providerName = options.providerName ?? `ai-sdk-${toName(vendor)}`;
  const headers = options.headers ?? {};
  const rules = vendorRules(provider);
  return {
    providerName,
    namespace: toCamelCase(vendor),
    providerOptions: options.providerOptions,
    reasoning: options.reasoning,
    headers,
    rules: options.promptCache === false ? { ...rules, cacheMark: undefined } : rules,
    endpoint: {
      providerName,
      // Key and address are the model's own and not to be seen from here; its id stands in for the host.
      apiKey: undefined,
      baseUrl: `https://${toName(provider)}`,
      isOfficial: false,
      headers,
      timeoutMs: toMilliseconds(options.timeout ?? "5m", "timeout"),
      idleTimeoutMs: toMilliseconds(options.idleTimeout ?? "2m", "idleTimeout"),
    },
  };
}

function toName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" ? "model" : name;
}

function toCamelCase(text: string): string {
  return text.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
}
