import type { ModelRequest, ModelResponse, Provider, RespondOptions } from "@agentwerk/core";
import { ProviderError } from "@agentwerk/core";
import type { OpenAI } from "openai";
import { loadClient } from "./load-client.ts";
import type { OpenAIProviderOptions, OpenAISettings } from "./openai-options.ts";
import { resolveOptions } from "./openai-options.ts";
import { requestStream, requestWhole } from "./request-completion.ts";
import type { RequestWatch } from "./request-watch.ts";
import { watchRequest } from "./request-watch.ts";
import type { HeaderSource } from "./retry-after.ts";
import { toChatRequest } from "./to-chat-request.ts";
import { hostOf, requestIdOf, toProviderError } from "./to-provider-error.ts";

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
  let requestId: string | undefined;
  const onHeaders = (headers: HeaderSource): void => {
    requestId = requestIdOf(headers);
  };
  try {
    const body = toChatRequest(request, settings);
    const common = { client, model: request.model, watch, providerName, onHeaders };
    if (onEvent === undefined) return await requestWhole({ ...common, body });
    const streamed = { stream: true, ...(settings.compatibility.streamUsage ? withUsage : {}) };
    return await requestStream({ ...common, body: { ...body, ...streamed } }, onEvent);
  } catch (thrown) {
    signal?.throwIfAborted();
    throw toError(thrown, { settings, watch, requestId });
  } finally {
    watch.stop();
  }
}

const withUsage = { stream_options: { include_usage: true } };

interface Circumstances {
  readonly settings: OpenAISettings;
  readonly watch: RequestWatch;
  readonly requestId: string | undefined;
}

function toError(thrown: unknown, { settings, watch, requestId }: Circumstances): ProviderError {
  const { providerName, baseUrl, apiKey, headers } = settings;
  const { expiredMs } = watch;
  if (expiredMs !== undefined) {
    const message = `${hostOf(baseUrl)} was silent for ${expiredMs} ms; the options timeout and idleTimeout set the limits.`;
    return new ProviderError({
      provider: providerName,
      reason: "timed_out",
      message,
      requestId,
      cause: thrown,
    });
  }
  const secrets = [...Object.values(headers), ...(apiKey === undefined ? [] : [apiKey])];
  return toProviderError(thrown, { providerName, baseUrl, secrets, requestId, now: Date.now() });
}
