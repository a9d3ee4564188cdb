import { liveProviderSuite, providerSuite, simulatorBench } from "@agentwerk/core/testing";
import { startSimulator } from "@agentwerk/llm-simulator";
import { mistralProvider } from "./mistral-provider.ts";

providerSuite({
  name: "mistral",
  skip: {
    refusal: "Mistral's models decline in a text like any other; there is no field for it",
    content_filter: "Mistral stops no reply for a filter; its guardrails refuse the request",
    reasoning_usage: "Mistral does not say how much of the output was thinking",
  },
  async open() {
    const simulator = await startSimulator();
    return simulatorBench({
      simulator,
      model: "mistral-large-latest",
      provider: ({ apiKey, timeoutMs, idleTimeoutMs, baseUrl }) =>
        mistralProvider({
          apiKey,
          baseUrl: baseUrl ?? simulator.baseUrls.mistral,
          timeout: timeoutMs,
          idleTimeout: idleTimeoutMs,
          env: {},
        }),
    });
  },
});

liveProviderSuite({
  name: "mistral",
  keyVariable: "MISTRAL_API_KEY",
  model: "mistral-small-latest",
  provider: ({ apiKey }) => mistralProvider({ apiKey, env: {} }),
});
