import type { JsonValue } from "@agentwerk/core";
import { AgentwerkError } from "@agentwerk/core";
import { givenText } from "@agentwerk/core/provider-kit";
import type { OpenAIProviderOptions } from "./chat-completions.ts";

export interface LiteLLMProviderOptions
  extends Pick<
    OpenAIProviderOptions,
    "apiKey" | "baseUrl" | "headers" | "timeout" | "idleTimeout" | "compatibility" | "providerName" | "env"
  > {
  /** For the proxy's routing by tags and its spend reports. */
  readonly tags?: readonly string[] | undefined;
  /** Stands with each request in the proxy's spend logs. */
  readonly metadata?: Readonly<Record<string, JsonValue>> | undefined;
  /** Who the work is done for, in the proxy's budgets and reports. */
  readonly endUser?: string | undefined;
}

/** Where `litellm --config …` listens unless told otherwise. */
const defaultUrl = "http://localhost:4000/v1";

/**
 * The options of the client under it. Variables of OpenAI count for nothing here: their key must not go to the proxy.
 * @throws AgentwerkError `invalid_input` naming the option.
 */
export function toClientOptions(options: LiteLLMProviderOptions): OpenAIProviderOptions {
  const env = options.env ?? process.env;
  return {
    apiKey: givenText(options.apiKey) ?? givenText(env.LITELLM_API_KEY),
    baseUrl: givenText(options.baseUrl) ?? givenText(env.LITELLM_BASE_URL) ?? defaultUrl,
    headers: { ...toHeaders(options), ...options.headers },
    timeout: options.timeout,
    idleTimeout: options.idleTimeout,
    // The proxy renames the field for the models that want another.
    compatibility: {
      maxTokensField: "max_tokens",
      reasoningField: "thinking_blocks",
      ...options.compatibility,
    },
    providerName: options.providerName ?? "litellm",
    env: {},
  };
}

/** https://docs.litellm.ai/docs/proxy/request_headers */
function toHeaders({
  tags = [],
  metadata,
  endUser,
}: LiteLLMProviderOptions): Readonly<Record<string, string>> {
  for (const [index, tag] of tags.entries()) {
    checkHeader(`tags[${index}]`, tag);
    if (tag.includes(",")) refuse(`tags[${index}]`, "has a comma, which separates tags on the wire");
  }
  if (endUser !== undefined) checkHeader("endUser", endUser);
  return {
    ...(tags.length === 0 ? {} : { "x-litellm-tags": tags.join(",") }),
    ...(metadata === undefined ? {} : { "x-litellm-spend-logs-metadata": toAscii(JSON.stringify(metadata)) }),
    ...(endUser === undefined ? {} : { "x-litellm-end-user-id": endUser }),
  };
}

function checkHeader(field: string, text: string): void {
  if (/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text)) return;
  refuse(field, "is empty, or has characters that an HTTP header cannot carry");
}

/** JSON may escape any character; a header may hold only these. */
function toAscii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function refuse(field: string, problem: string): never {
  throw new AgentwerkError({ code: "invalid_input", field, message: `${field} ${problem}.` });
}
