import type { OpenAI } from "openai";
import type { OpenAISettings } from "./openai-options.ts";

/** Longer than any limit of ours: ours decide, and a timer takes no more. */
const noTimeoutMs = 2_147_483_647;

/** Loads the SDK, which takes far longer than the rest of this package, and makes a client. */
export async function loadClient(settings: OpenAISettings): Promise<OpenAI> {
  const { OpenAI } = await import("openai");
  return new OpenAI({
    apiKey: settings.apiKey ?? "none",
    adminAPIKey: null,
    baseURL: settings.baseUrl,
    organization: settings.organization ?? null,
    project: settings.project ?? null,
    defaultHeaders: {
      ...(settings.apiKey === undefined ? { Authorization: null } : {}),
      ...settings.headers,
    },
    // A redirect would take the conversation and the custom headers to another host.
    fetchOptions: { redirect: "manual" },
    maxRetries: 0,
    timeout: noTimeoutMs,
    // The SDK would print what it cannot parse; errors tell it here.
    logLevel: "off",
  });
}
