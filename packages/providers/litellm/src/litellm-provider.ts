import type { Provider } from "@agentwerk/core";
import { openaiProvider } from "./chat-completions.ts";
import { refineError } from "./litellm-errors.ts";
import type { LiteLLMProviderOptions } from "./litellm-options.ts";
import { toClientOptions } from "./litellm-options.ts";

/**
 * A LiteLLM proxy. The SDK is loaded at the first request.
 * @throws AgentwerkError `invalid_input` for a malformed option.
 */
export function litellmProvider(options: LiteLLMProviderOptions = {}): Provider {
  const client = openaiProvider(toClientOptions(options));
  return {
    name: client.name,
    async respond(request, respondOptions) {
      try {
        return await client.respond(request, respondOptions);
      } catch (thrown) {
        throw refineError(thrown);
      }
    },
  };
}
