import type { Duration } from "@agentwerk/core";
import { type Endpoint, resolveEndpoint } from "@agentwerk/core/provider-kit";

export interface AnthropicProviderOptions {
  /** Default `ANTHROPIC_API_KEY`. Needed unless `baseUrl` names a server that wants none. */
  readonly apiKey?: string | undefined;
  /** Default `ANTHROPIC_BASE_URL`, or Anthropic itself. Without the `/v1`. */
  readonly baseUrl?: string | undefined;
  /** Sent with every request, for example `anthropic-beta`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * How long to wait for the first byte of a streamed reply, or for a whole reply that is not streamed. Default 5
   * minutes, which is also where Node's own fetch gives up.
   */
  readonly timeout?: Duration | undefined;
  /** How long a stream may be silent once it has begun. Default 2 minutes. */
  readonly idleTimeout?: Duration | undefined;
  /** How long the vendor keeps what it cached; `false` marks nothing for its cache. Default `5m`. */
  readonly promptCache?: "5m" | "1h" | false | undefined;
  /** True: tools whose schema allows it are marked `strict`, so that calls always fit it. Default false. */
  readonly strictTools?: boolean | undefined;
  /** Stands in errors and on reasoning blocks. Default `anthropic`. */
  readonly providerName?: string | undefined;
  /** Where the defaults are read from. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** All options with their defaults. */
export interface AnthropicSettings extends Endpoint {
  readonly promptCache: "5m" | "1h" | false;
  readonly strictTools: boolean;
}

/** @throws AgentwerkError `invalid_input` naming the option. */
export function resolveOptions(options: AnthropicProviderOptions): AnthropicSettings {
  const endpoint = resolveEndpoint(options, {
    vendor: "Anthropic",
    providerName: "anthropic",
    prefix: "ANTHROPIC",
    officialUrl: "https://api.anthropic.com",
    keysUrl: "https://platform.claude.com/settings/keys",
  });
  return {
    ...endpoint,
    promptCache: options.promptCache ?? "5m",
    strictTools: options.strictTools ?? false,
  };
}
