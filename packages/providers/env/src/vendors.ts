import type { Model } from "@agentwerk/core";

export type VendorName = "litellm" | "mistral" | "anthropic" | "openai";

/** The options that every vendor's model function takes from here. */
export interface VendorOptions {
  readonly apiKey?: string;
  readonly baseUrl?: string;
  readonly contextWindow?: number;
  /** Where the vendor's package reads everything else. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `openai("gpt-5", { … })` and its like. */
export type MakeModel = (name: string, options: VendorOptions) => Model;

/** All that is known here of a vendor; a new one is a row in the table below. */
export interface Vendor {
  readonly name: VendorName;
  readonly packageName: string;
  /** What its variables begin with: `<prefix>_API_KEY`, `<prefix>_BASE_URL`, `<prefix>_MODEL`. */
  readonly prefix: string;
  /** `undefined`: nobody can guess it. */
  readonly defaultModel: string | undefined;
  /** Its base URL alone makes it found. Of others it may stand in an environment for another program. */
  readonly foundByBaseUrl: boolean;
}

/** In the order in which they are looked for. */
export const vendors: readonly Vendor[] = [
  vendor("litellm", { defaultModel: undefined, foundByBaseUrl: true }),
  vendor("mistral", { defaultModel: "mistral-large-latest", foundByBaseUrl: false }),
  vendor("anthropic", { defaultModel: "claude-sonnet-5-5", foundByBaseUrl: false }),
  vendor("openai", { defaultModel: "gpt-5", foundByBaseUrl: true }),
];

function vendor(
  name: VendorName,
  { defaultModel, foundByBaseUrl }: Pick<Vendor, "defaultModel" | "foundByBaseUrl">,
): Vendor {
  return {
    name,
    packageName: `@agentwerk/${name}`,
    prefix: name.toUpperCase(),
    defaultModel,
    foundByBaseUrl,
  };
}
