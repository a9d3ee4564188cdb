import { liveProviderSuite, providerSuite, simulatorBench } from "@agentwerk/core/testing";
import { startSimulator } from "@agentwerk/llm-simulator";
import { litellmProvider } from "./litellm-provider.ts";

const unsigned = "the simulator's chat completions have no thinking_blocks; @agentwerk/openai tests them";

providerSuite({
  name: "litellm",
  skip: { hidden_reasoning: unsigned, signed_reasoning: unsigned, hidden_reasoning_sent_back: unsigned },
  async open() {
    const simulator = await startSimulator();
    return simulatorBench({
      simulator,
      model: "anthropic/claude-sonnet-4-5",
      provider: ({ apiKey, timeoutMs, idleTimeoutMs, baseUrl }) =>
        litellmProvider({
          apiKey,
          baseUrl: baseUrl ?? simulator.baseUrls.openai,
          timeout: timeoutMs,
          idleTimeout: idleTimeoutMs,
          env: {},
        }),
    });
  },
});

liveProviderSuite({
  name: "litellm",
  keyVariable: "LITELLM_API_KEY",
  model: process.env.LITELLM_MODEL ?? "openai/gpt-5",
  provider: ({ apiKey }) => litellmProvider({ apiKey }),
});
