import type { Duration } from "@agentwerk/core";
import { AgentwerkError, toMilliseconds } from "@agentwerk/core";
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
  /** What a compatible server (vLLM, llama.cpp, Ollama, LM Studio …) does differently. */
  readonly compatibility?: CompatibilityOptions | undefined;
  /** Stands in errors and on reasoning blocks. Default `openai`. */
  readonly providerName?: string | undefined;
  /** Where the defaults are read from. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** All options with their defaults. */
export interface OpenAISettings {
  readonly providerName: string;
  /** `undefined`: the server wants none. */
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  readonly organization: string | undefined;
  readonly project: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly compatibility: Compatibility;
}

const officialUrl = "https://api.openai.com/v1";

/** @throws AgentwerkError `invalid_input` naming the option. */
export function resolveOptions(options: OpenAIProviderOptions): OpenAISettings {
  const env = options.env ?? process.env;
  const apiKey = given(options.apiKey) ?? given(env.OPENAI_API_KEY);
  const baseUrl = checkUrl(given(options.baseUrl) ?? given(env.OPENAI_BASE_URL) ?? officialUrl);
  if (apiKey === undefined && baseUrl === officialUrl) {
    throw new AgentwerkError({
      code: "invalid_input",
      field: "apiKey",
      message:
        "No API key for OpenAI: set OPENAI_API_KEY, or pass apiKey (keys are made at https://platform.openai.com/api-keys). For a server that needs none, set OPENAI_BASE_URL or pass baseUrl.",
    });
  }
  if (apiKey !== undefined) checkKey(apiKey);
  return {
    providerName: options.providerName ?? "openai",
    apiKey,
    baseUrl,
    organization: given(options.organization) ?? given(env.OPENAI_ORG_ID),
    project: given(options.project) ?? given(env.OPENAI_PROJECT_ID),
    headers: options.headers ?? {},
    timeoutMs: toMilliseconds(options.timeout ?? "5m", "timeout"),
    idleTimeoutMs: toMilliseconds(options.idleTimeout ?? "2m", "idleTimeout"),
    compatibility: resolveCompatibility(options.compatibility ?? {}, baseUrl === officialUrl),
  };
}

/** Empty strings, as `.env` files leave them, count as unset. */
function given(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value;
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return text.replace(/\/+$/, "");
  throw new AgentwerkError({
    code: "invalid_input",
    field: "baseUrl",
    message: `baseUrl is ${JSON.stringify(text)}; give a whole URL such as "http://localhost:11434/v1".`,
  });
}

/** A key with a line break would end up, whole, in the error of the HTTP client. */
function checkKey(apiKey: string): void {
  if (/^[\x21-\x7e]+$/.test(apiKey)) return;
  throw new AgentwerkError({
    code: "invalid_input",
    field: "apiKey",
    message:
      "apiKey has spaces, line breaks or other characters that an HTTP header cannot carry; copy it again without them.",
  });
}
