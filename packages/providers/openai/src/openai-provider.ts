import type { ModelRequest, ModelResponse, Provider, RespondOptions } from "@agentwerk/core";
import { ProviderError } from "@agentwerk/core";
import type { OpenAI } from "openai";
import { loadClient } from "./load-client.ts";
import type { OpenAIProviderOptions, OpenAISettings } from "./openai-options.ts";
import { resolveOptions } from "./openai-options.ts";
import { requestStream, requestWhole } from "./request-completion.ts";
import type { RequestWatch } from "./request-watch.ts";
import { watchRequest } from "./request-watch.ts";
import { toChatRequest } from "./to-chat-request.ts";
import { hostOf, toProviderError } from "./to-provider-error.ts";

/**
 * OpenAI, or a server that speaks its chat completions. The SDK is loaded at the first request.
 * @throws AgentwerkError `invalid_input` for a missing key or a malformed option.
 */
export function openaiProvider(options: OpenAIProviderOptions = {}): Provider {
  const settings = resolveOptions(options);
  let client: Promise<OpenAI> | undefined;
  return {
    name: settings.providerName,
    async respond(request, respondOptions) {
      respondOptions.signal?.throwIfAborted();
      client ??= loadClient(settings);
      return respond({ settings, client: await client, request, options: respondOptions });
    },
  };
}

interface Exchange {
  readonly settings: OpenAISettings;
  readonly client: OpenAI;
  readonly request: ModelRequest;
  readonly options: RespondOptions;
}

async function respond({ settings, client, request, options }: Exchange): Promise<ModelResponse> {
  const { signal, onEvent } = options;
  signal?.throwIfAborted();
  const { providerName, timeoutMs, idleTimeoutMs } = settings;
  const watch = watchRequest({ signal, firstByteMs: timeoutMs, idleMs: idleTimeoutMs });
  try {
    const body = toChatRequest(request, settings);
    const common = { client, model: request.model, watch, providerName };
    if (onEvent === undefined) return await requestWhole({ ...common, body });
    const streamed = { stream: true, ...(settings.compatibility.streamUsage ? withUsage : {}) };
    return await requestStream({ ...common, body: { ...body, ...streamed } }, onEvent);
  } catch (thrown) {
    signal?.throwIfAborted();
    throw expiry(watch, settings, thrown) ?? toProviderError(thrown, contextOf(settings));
  } finally {
    watch.stop();
  }
}

const withUsage = { stream_options: { include_usage: true } };

function expiry(watch: RequestWatch, settings: OpenAISettings, cause: unknown): ProviderError | undefined {
  if (watch.expiredMs === undefined) return undefined;
  return new ProviderError({
    provider: settings.providerName,
    reason: "timed_out",
    message: `${hostOf(settings.baseUrl)} was silent for ${watch.expiredMs} ms; options timeout and idleTimeout set the limits.`,
    cause,
  });
}

function contextOf(settings: OpenAISettings): Parameters<typeof toProviderError>[1] {
  const { providerName, baseUrl, apiKey } = settings;
  const secrets = Object.values(settings.headers);
  if (apiKey !== undefined) secrets.push(apiKey);
  return { providerName, baseUrl, secrets, now: Date.now() };
}
