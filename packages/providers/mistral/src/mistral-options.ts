import type { Duration } from "@agentwerk/core";
import { type Endpoint, resolveEndpoint } from "@agentwerk/core/provider-kit";

export interface MistralProviderOptions {
  /** Default `MISTRAL_API_KEY`. Needed unless `baseUrl` names a server that wants none. */
  readonly apiKey?: string | undefined;
  /** Default `MISTRAL_BASE_URL`, or Mistral itself. Without the `/v1`. */
  readonly baseUrl?: string | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * How long to wait for the first byte of a streamed reply, or for a whole reply that is not streamed. Default 5
   * minutes, which is also where Node's own fetch gives up.
   */
  readonly timeout?: Duration | undefined;
  /** How long a stream may be silent once it has begun. Default 2 minutes. */
  readonly idleTimeout?: Duration | undefined;
  /** False: no key by which Mistral finds what it cached is sent; other servers never get one. Default true. */
  readonly promptCache?: boolean | undefined;
  /** True: tools whose schema allows it are marked `strict`. Default false. */
  readonly strictTools?: boolean | undefined;
  /** Stands in errors and on reasoning blocks. Default `mistral`. */
  readonly providerName?: string | undefined;
  /** Where the defaults are read from. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** All options with their defaults. */
export interface MistralSettings extends Endpoint {
  readonly promptCache: boolean;
  readonly strictTools: boolean;
}

/** @throws AgentwerkError `invalid_input` naming the option. */
export function resolveOptions(options: MistralProviderOptions): MistralSettings {
  const endpoint = resolveEndpoint(options, {
    vendor: "Mistral",
    providerName: "mistral",
    prefix: "MISTRAL",
    officialUrl: "https://api.mistral.ai",
    keysUrl: "https://console.mistral.ai/api-keys",
  });
  return {
    ...endpoint,
    promptCache: endpoint.isOfficial && (options.promptCache ?? true),
    strictTools: options.strictTools ?? false,
  };
}
