import type { Anthropic } from "@anthropic-ai/sdk";
import type { AnthropicSettings } from "./anthropic-options.ts";

/** Longer than any limit of ours: ours decide, and a timer takes no more. */
const noTimeoutMs = 2_147_483_647;

/** Loads the SDK, which takes far longer than the rest of this package, and makes a client. */
export async function loadClient(settings: AnthropicSettings): Promise<Anthropic> {
  const { Anthropic } = await import("@anthropic-ai/sdk");
  return new Anthropic({
    // Without any, the SDK would look for credentials in the environment and in files of its own.
    apiKey: settings.apiKey ?? "none",
    baseURL: settings.baseUrl,
    defaultHeaders: {
      ...(settings.apiKey === undefined ? { Authorization: null } : {}),
      ...settings.headers,
    },
    // A redirect would take the conversation and the custom headers to another host.
    fetchOptions: { redirect: "manual" },
    maxRetries: 0,
    timeout: noTimeoutMs,
    openTelemetry: false,
    // The SDK would print what it cannot parse; errors tell it here.
    logLevel: "off",
  });
}
