import type { Provider } from "@agentwerk/core";
import { chatProvider } from "./chat-completions.ts";
import { litellmDialect } from "./litellm-dialect.ts";
import type { LiteLLMProviderOptions } from "./litellm-options.ts";
import { toClientOptions } from "./litellm-options.ts";

/**
 * A LiteLLM proxy. The SDK is loaded at the first request.
 * @throws AgentwerkError `invalid_input` for a malformed option.
 */
export function litellmProvider(options: LiteLLMProviderOptions = {}): Provider {
  return chatProvider(toClientOptions(options), litellmDialect);
}
