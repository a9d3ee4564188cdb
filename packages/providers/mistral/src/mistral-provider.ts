import type { ModelRequest, ModelResponse, Provider, RespondOptions } from "@agentwerk/core";
import { runExchange } from "@agentwerk/core/provider-kit";
import type { MistralSdk } from "./load-sdk.ts";
import { loadSdk } from "./load-sdk.ts";
import { mistralErrors } from "./mistral-errors.ts";
import type { MistralProviderOptions, MistralSettings } from "./mistral-options.ts";
import { resolveOptions } from "./mistral-options.ts";
import { requestReply } from "./request-reply.ts";
import { toChatRequest } from "./to-chat-request.ts";

/**
 * Mistral, or a server that speaks its chat completions. The SDK is loaded at the first request.
 * @throws AgentwerkError `invalid_input` for a missing key or a malformed option.
 */
export function mistralProvider(options: MistralProviderOptions = {}): Provider {
  const settings = resolveOptions(options);
  let sdk: Promise<MistralSdk> | undefined;
  return {
    name: settings.providerName,
    async respond(request, respondOptions) {
      respondOptions.signal?.throwIfAborted();
      sdk ??= loadSdk();
      return respond({ settings, sdk: await sdk, request, options: respondOptions });
    },
  };
}

interface Question {
  readonly settings: MistralSettings;
  readonly sdk: MistralSdk;
  readonly request: ModelRequest;
  readonly options: RespondOptions;
}

function respond({ settings, sdk, request, options }: Question): Promise<ModelResponse> {
  const { signal, onEvent } = options;
  return runExchange({ endpoint: settings, vendor: mistralErrors, signal }, async (exchange) => {
    const chat = { ...toChatRequest(request, settings), stream: onEvent !== undefined };
    return requestReply({ sdk, settings, chat, extraBody: request.extraBody, exchange, onEvent });
  });
}
