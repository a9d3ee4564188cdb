import type { Duration } from "@agentwerk/core";
import { AgentwerkError } from "@agentwerk/core";
import { type Endpoint, givenText, resolveEndpoint } from "@agentwerk/core/provider-kit";
import type { Compatibility, CompatibilityOptions } from "./compatibility.ts";
import { resolveCompatibility } from "./compatibility.ts";

export interface OpenAIProviderOptions {
  /** Default `OPENAI_API_KEY`. Needed unless `baseUrl` names a server that wants none. */
  readonly apiKey?: string | undefined;
  /** Default `OPENAI_BASE_URL`, or OpenAI itself. With the `/v1`, where the server has one. */
  readonly baseUrl?: string | undefined;
  /** Default `OPENAI_ORG_ID`. */
  readonly organization?: string | undefined;
  /** Default `OPENAI_PROJECT_ID`. */
  readonly project?: string | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * How long to wait for the first byte of a streamed reply, or for a whole reply that is not streamed. Default 5
   * minutes, which is also where Node's own fetch gives up.
   */
  readonly timeout?: Duration | undefined;
  /** How long a stream may be silent once it has begun. Default 2 minutes. */
  readonly idleTimeout?: Duration | undefined;
  /**
   * Which of OpenAI's two APIs is spoken: chat completions, which most other servers speak too, or Responses, which
   * keeps a model's thinking over tool turns. Default `chat`.
   */
  readonly api?: "chat" | "responses" | undefined;
  /** What a compatible server (vLLM, llama.cpp, Ollama, LM Studio …) does differently. */
  readonly compatibility?: CompatibilityOptions | undefined;
  /** Stands in errors and on reasoning blocks. Default `openai`. */
  readonly providerName?: string | undefined;
  /** Where the defaults are read from. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** All options with their defaults. */
export interface OpenAISettings extends Endpoint {
  readonly organization: string | undefined;
  readonly project: string | undefined;
  readonly api: "chat" | "responses";
  readonly compatibility: Compatibility;
}

/** @throws AgentwerkError `invalid_input` naming the option. */
export function resolveOptions(options: OpenAIProviderOptions): OpenAISettings {
  const env = options.env ?? process.env;
  const endpoint = resolveEndpoint(options, {
    vendor: "OpenAI",
    providerName: "openai",
    prefix: "OPENAI",
    officialUrl: "https://api.openai.com/v1",
    keysUrl: "https://platform.openai.com/api-keys",
  });
  return {
    ...endpoint,
    organization: givenText(options.organization) ?? givenText(env.OPENAI_ORG_ID),
    project: givenText(options.project) ?? givenText(env.OPENAI_PROJECT_ID),
    api: checkApi(options.api ?? "chat"),
    compatibility: resolveCompatibility(options.compatibility ?? {}, endpoint.isOfficial),
  };
}

function checkApi(api: "chat" | "responses"): "chat" | "responses" {
  if (api === "chat" || api === "responses") return api;
  const message = `api is ${JSON.stringify(api)}; give "chat" or "responses".`;
  throw new AgentwerkError({ code: "invalid_input", field: "api", message });
}
