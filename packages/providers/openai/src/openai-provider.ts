import type { ModelRequest, ModelResponse, Provider, RespondOptions } from "@agentwerk/core";
import { type Exchange, runExchange } from "@agentwerk/core/provider-kit";
import type { OpenAI } from "openai";
import type { ChatDialect } from "./chat-dialect.ts";
import { loadClient } from "./load-client.ts";
import { openaiErrors } from "./openai-errors.ts";
import type { OpenAIProviderOptions, OpenAISettings } from "./openai-options.ts";
import { resolveOptions } from "./openai-options.ts";
import { requestStream, requestWhole } from "./request-completion.ts";
import { requestResponse } from "./responses/request-response.ts";
import { toResponsesRequest } from "./responses/to-responses-request.ts";
import { toChatRequest } from "./to-chat-request.ts";

/**
 * OpenAI, or a server that speaks its chat completions or Responses. The SDK is loaded at the first request.
 * @throws AgentwerkError `invalid_input` for a missing key or a malformed option.
 */
export function openaiProvider(options: OpenAIProviderOptions = {}): Provider {
  return chatProvider(options, {});
}

/** The same for a service with a package of its own. */
export function chatProvider(options: OpenAIProviderOptions, dialect: ChatDialect): Provider {
  const settings = resolveOptions(options);
  let client: Promise<OpenAI> | undefined;
  return {
    name: settings.providerName,
    async respond(request, respondOptions) {
      respondOptions.signal?.throwIfAborted();
      client ??= loadClient(settings);
      return respond({ settings, dialect, client: await client, request, options: respondOptions });
    },
  };
}

interface Question {
  readonly settings: OpenAISettings;
  readonly dialect: ChatDialect;
  readonly client: OpenAI;
  readonly request: ModelRequest;
  readonly options: RespondOptions;
}

function respond(question: Question): Promise<ModelResponse> {
  const { settings, dialect, options } = question;
  const vendor = { ...openaiErrors, ...dialect.errors };
  return runExchange({ endpoint: settings, vendor, signal: options.signal }, (exchange) =>
    ask(question, exchange),
  );
}

function ask(
  { settings, dialect, client, request, options: { onEvent } }: Question,
  exchange: Exchange,
): Promise<ModelResponse> {
  const common = { client, model: request.model, exchange, providerName: settings.providerName };
  if (settings.api === "responses") {
    return requestResponse({ ...common, body: toResponsesRequest(request, settings), onEvent });
  }
  const completion = { ...common, body: toChatRequest(request, settings), readCost: dialect.readCost };
  if (onEvent === undefined) return requestWhole(completion);
  const streamed = { stream: true, ...(settings.compatibility.streamUsage ? withUsage : {}) };
  return requestStream({ ...completion, body: { ...completion.body, ...streamed } }, onEvent);
}

const withUsage = { stream_options: { include_usage: true } };
