import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import type { Duration } from "../../util/duration.ts";
import { toMilliseconds } from "../../util/duration.ts";

/** What every provider that talks HTTP is made with. */
export interface EndpointOptions {
  readonly apiKey?: string | undefined;
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
  /** Stands in errors and on reasoning blocks. */
  readonly providerName?: string | undefined;
  /** Where the defaults are read from. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** All options with their defaults. */
export interface Endpoint {
  readonly providerName: string;
  /** `undefined`: the server wants none. */
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  /** False for a proxy or a compatible server. */
  readonly isOfficial: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
}

export interface EndpointDefaults {
  /** As it is written in a sentence: `OpenAI`. */
  readonly vendor: string;
  readonly providerName: string;
  /** What the variables begin with: `OPENAI` for `OPENAI_API_KEY` and `OPENAI_BASE_URL`. */
  readonly prefix: string;
  readonly officialUrl: string;
  /** Where keys are made. */
  readonly keysUrl: string;
}

/** @throws AgentwerkError `invalid_input` naming the option. */
export function resolveEndpoint(options: EndpointOptions, defaults: EndpointDefaults): Endpoint {
  const env = options.env ?? process.env;
  const { prefix, officialUrl } = defaults;
  const apiKey = givenText(options.apiKey) ?? givenText(env[`${prefix}_API_KEY`]);
  const baseUrl = checkUrl(givenText(options.baseUrl) ?? givenText(env[`${prefix}_BASE_URL`]) ?? officialUrl);
  const isOfficial = baseUrl === officialUrl;
  if (apiKey === undefined && isOfficial) throw missingKey(defaults);
  if (apiKey !== undefined) checkKey(apiKey);
  return {
    providerName: options.providerName ?? defaults.providerName,
    apiKey,
    baseUrl,
    isOfficial,
    headers: options.headers ?? {},
    timeoutMs: toMilliseconds(options.timeout ?? "5m", "timeout"),
    idleTimeoutMs: toMilliseconds(options.idleTimeout ?? "2m", "idleTimeout"),
  };
}

/** Empty strings, as `.env` files leave them, count as unset. */
export function givenText(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value;
}

/** The host alone: the rest of a URL may hold keys. */
export function hostOf(baseUrl: string): string {
  return new URL(baseUrl).host;
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  // Before anything repeats it.
  if (isWeb ? url.username !== "" || url.password !== "" : text.includes("@")) throw credentialsInUrl();
  if (isWeb) return text.replace(/\/+$/, "");
  const message = `baseUrl is ${JSON.stringify(text)}; give a whole URL such as "http://localhost:11434/v1".`;
  throw new AgentwerkError({ code: "invalid_input", field: "baseUrl", message });
}

function credentialsInUrl(): AgentwerkError {
  return new AgentwerkError({
    code: "invalid_input",
    field: "baseUrl",
    message:
      "baseUrl has a name or a password before an @, which fetch refuses and messages would show. Take them out, and pass them as apiKey or in headers.",
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

function missingKey({ vendor, prefix, keysUrl }: EndpointDefaults): AgentwerkError {
  return new AgentwerkError({
    code: "invalid_input",
    field: "apiKey",
    message: `No API key for ${vendor}: set ${prefix}_API_KEY, or pass apiKey (keys are made at ${keysUrl}). For a server that needs none, set ${prefix}_BASE_URL or pass baseUrl.`,
  });
}
