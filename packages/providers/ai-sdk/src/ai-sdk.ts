import type { Model, Provider } from "@agentwerk/core";
import { defineModel, ProviderError } from "@agentwerk/core";
import { runExchange } from "@agentwerk/core/provider-kit";
import { aiSdkErrors } from "./ai-sdk-errors.ts";
import type { AiSdkModelOptions } from "./ai-sdk-options.ts";
import { resolveOptions } from "./ai-sdk-options.ts";
import { type AiSdkLanguageModel, checkLanguageModel } from "./language-model.ts";
import { requestStream, requestWhole } from "./request-answer.ts";
import { toCallOptions } from "./to-call-options.ts";

/**
 * A language model of the AI SDK as a model here.
 * @throws AgentwerkError `invalid_input` for something else than such a model, or a malformed option.
 */
export function aiSdk(languageModel: AiSdkLanguageModel, options: AiSdkModelOptions = {}): Model {
  checkLanguageModel(languageModel);
  return defineModel({
    provider: providerOf(languageModel, options),
    name: languageModel.modelId,
    contextWindow: options.contextWindow,
    maxOutputTokens: options.maxOutputTokens,
    price: options.price,
    accepts: options.accepts,
    temperature: options.temperature,
    extraBody: options.extraBody,
  });
}

function providerOf(languageModel: AiSdkLanguageModel, options: AiSdkModelOptions): Provider {
  const settings = resolveOptions(languageModel, options);
  const { providerName, endpoint } = settings;
  return {
    name: providerName,
    async respond(request, { signal, onEvent }) {
      signal?.throwIfAborted();
      checkName(request.model, { languageModel, providerName });
      return runExchange({ endpoint, vendor: aiSdkErrors, signal }, (exchange) => {
        const callOptions = toCallOptions(request, { settings, signal: exchange.watch.signal });
        const common = { languageModel, callOptions, exchange, providerName };
        return onEvent === undefined ? requestWhole(common) : requestStream(common, onEvent);
      });
    },
  };
}

interface NamedModel {
  readonly languageModel: AiSdkLanguageModel;
  readonly providerName: string;
}

/** The name was fixed when the AI SDK made the model. */
function checkName(name: string, { languageModel: { modelId }, providerName }: NamedModel): void {
  if (name === modelId) return;
  throw new ProviderError({
    provider: providerName,
    reason: "invalid_request",
    message: `The request is for the model ${JSON.stringify(name)}, but this is the AI SDK's model ${JSON.stringify(modelId)}; make another with aiSdk().`,
  });
}
