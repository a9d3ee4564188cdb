import type { ModelRequest, ToolChoice } from "@agentwerk/core";
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4ToolChoice,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider";
import type { AiSdkSettings } from "./ai-sdk-options.ts";
import { toPrompt } from "./to-prompt.ts";

/** A request as the AI SDK wants it. */
export function toCallOptions(
  request: ModelRequest,
  { settings, signal }: { readonly settings: AiSdkSettings; readonly signal: AbortSignal },
): LanguageModelV4CallOptions {
  const { system, messages, tools, toolChoice, maxOutputTokens, temperature, stopSequences } = request;
  const { headers, reasoning } = settings;
  const providerOptions = toProviderOptions(request.extraBody, settings);
  return {
    prompt: toPrompt({ system, messages, settings }),
    abortSignal: signal,
    ...(tools.length === 0
      ? {}
      : { tools: tools.map((tool) => ({ type: "function", ...tool })), toolChoice: toChoice(toolChoice) }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(stopSequences === undefined || stopSequences.length === 0
      ? {}
      : { stopSequences: [...stopSequences] }),
    ...(Object.keys(headers).length === 0 ? {} : { headers: { ...headers } }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(providerOptions === undefined ? {} : { providerOptions }),
  };
}

function toChoice(choice: ToolChoice): LanguageModelV4ToolChoice {
  return typeof choice === "string" ? { type: choice } : { type: "tool", toolName: choice.tool };
}

/** The options of the model, and on top of them those of the request for the vendor that the model belongs to. */
function toProviderOptions(
  extraBody: ModelRequest["extraBody"],
  { providerOptions, namespace }: AiSdkSettings,
): SharedV4ProviderOptions | undefined {
  if (extraBody === undefined) return providerOptions;
  // What the SDK is given is what its user wrote; it is checked there.
  const extra = extraBody as SharedV4ProviderOptions[string];
  return { ...providerOptions, [namespace]: { ...providerOptions?.[namespace], ...extra } };
}
