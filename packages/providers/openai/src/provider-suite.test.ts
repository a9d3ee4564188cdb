import { liveProviderSuite, providerSuite, simulatorBench } from "@agentwerk/core/testing";
import { startSimulator } from "@agentwerk/llm-simulator";
import { openaiProvider } from "./openai-provider.ts";

const unsigned = "chat completions have no signed thinking; the Responses API has";

providerSuite({
  name: "openai, chat completions",
  skip: { hidden_reasoning: unsigned, signed_reasoning: unsigned, hidden_reasoning_sent_back: unsigned },
  async open() {
    const simulator = await startSimulator();
    return simulatorBench({
      simulator,
      model: "gpt-5",
      provider: ({ apiKey, timeoutMs, idleTimeoutMs }) =>
        openaiProvider({
          apiKey,
          baseUrl: simulator.baseUrls.openai,
          timeout: timeoutMs,
          idleTimeout: idleTimeoutMs,
          env: {},
        }),
    });
  },
});

liveProviderSuite({
  name: "openai",
  keyVariable: "OPENAI_API_KEY",
  model: "gpt-5",
  provider: ({ apiKey }) => openaiProvider({ apiKey, env: {} }),
});
