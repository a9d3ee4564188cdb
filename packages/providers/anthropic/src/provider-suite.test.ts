import { liveProviderSuite, providerSuite, simulatorBench } from "@agentwerk/core/testing";
import { startSimulator } from "@agentwerk/llm-simulator";
import { anthropicProvider } from "./anthropic-provider.ts";

providerSuite({
  name: "anthropic",
  async open() {
    const simulator = await startSimulator();
    return simulatorBench({
      simulator,
      model: "claude-sonnet-5-5",
      provider: ({ apiKey, timeoutMs, idleTimeoutMs, baseUrl }) =>
        anthropicProvider({
          apiKey,
          baseUrl: baseUrl ?? simulator.baseUrls.anthropic,
          timeout: timeoutMs,
          idleTimeout: idleTimeoutMs,
          env: {},
        }),
    });
  },
});

liveProviderSuite({
  name: "anthropic",
  keyVariable: "ANTHROPIC_API_KEY",
  model: "claude-haiku-5-5",
  provider: ({ apiKey }) => anthropicProvider({ apiKey, env: {} }),
});
