import type { ModelRequest, ModelResponse, Provider, RespondOptions } from "@agentwerk/core";
import { type Exchange, runExchange } from "@agentwerk/core/provider-kit";
import type { Anthropic } from "@anthropic-ai/sdk";
import { anthropicErrors } from "./anthropic-errors.ts";
import type { AnthropicProviderOptions, AnthropicSettings } from "./anthropic-options.ts";
import { resolveOptions } from "./anthropic-options.ts";
import { loadClient } from "./load-client.ts";
import { requestStream, requestWhole } from "./request-message.ts";
import { toMessagesRequest } from "./to-messages-request.ts";

/**
 * Anthropic, or a server that speaks its messages. The SDK is loaded at the first request.
 * @throws AgentwerkError `invalid_input` for a missing key or a malformed option.
 */
export function anthropicProvider(options: AnthropicProviderOptions = {}): Provider {
  const settings = resolveOptions(options);
  let client: Promise<Anthropic> | undefined;
  return {
    name: settings.providerName,
    async respond(request, respondOptions) {
      respondOptions.signal?.throwIfAborted();
      client ??= loadClient(settings);
      return respond({ settings, client: await client, request, options: respondOptions });
    },
  };
}

interface Question {
  readonly settings: AnthropicSettings;
  readonly client: Anthropic;
  readonly request: ModelRequest;
  readonly options: RespondOptions;
}

function respond(question: Question): Promise<ModelResponse> {
  const { settings, options } = question;
  const exchanging = { endpoint: settings, vendor: anthropicErrors, signal: options.signal };
  return runExchange(exchanging, (exchange) => ask(question, exchange));
}

function ask(
  { settings, client, request, options: { onEvent } }: Question,
  exchange: Exchange,
): Promise<ModelResponse> {
  const { body, headers } = toMessagesRequest(request, settings);
  const common = { client, headers, model: request.model, exchange, providerName: settings.providerName };
  if (onEvent === undefined) return requestWhole({ ...common, body });
  return requestStream({ ...common, body: { ...body, stream: true } }, onEvent);
}
