import {
  liveProviderSuite,
  type ProviderBench,
  providerSuite,
  simulatorBench,
} from "@agentwerk/core/testing";
import { startSimulator } from "@agentwerk/llm-simulator";
import type { OpenAIProviderOptions } from "./openai-options.ts";
import { openaiProvider } from "./openai-provider.ts";

type Api = NonNullable<OpenAIProviderOptions["api"]>;

async function openBench(api: Api): Promise<ProviderBench> {
  const simulator = await startSimulator();
  return simulatorBench({
    simulator,
    model: "gpt-5",
    provider: ({ apiKey, timeoutMs, idleTimeoutMs, baseUrl }) =>
      openaiProvider({
        api,
        apiKey,
        baseUrl: baseUrl ?? simulator.baseUrls.openai,
        timeout: timeoutMs,
        idleTimeout: idleTimeoutMs,
        env: {},
      }),
  });
}

const unsigned = "chat completions have no signed thinking; the Responses API has";

providerSuite({
  name: "openai, chat completions",
  skip: { hidden_reasoning: unsigned, signed_reasoning: unsigned, hidden_reasoning_sent_back: unsigned },
  open: () => openBench("chat"),
});

providerSuite({ name: "openai, responses", open: () => openBench("responses") });

for (const api of ["chat", "responses"] as const) {
  liveProviderSuite({
    name: `openai, ${api}`,
    keyVariable: "OPENAI_API_KEY",
    model: "gpt-5-mini",
    provider: ({ apiKey }) => openaiProvider({ api, apiKey, env: {} }),
  });
}
