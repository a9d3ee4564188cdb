import type { Model } from "@agentwerk/core";
import {
  type BenchSettings,
  type ProviderBench,
  providerSuite,
  simulatorBench,
} from "@agentwerk/core/testing";
import { type Simulator, startSimulator } from "@agentwerk/llm-simulator";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createMistral } from "@ai-sdk/mistral";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { createOpenAICompatible as createOpenAICompatibleV3 } from "@ai-sdk/openai-compatible-2";
import { aiSdk } from "./ai-sdk.ts";

interface Far {
  readonly model: string;
  /** Makes the model with a real package of the AI SDK. */
  connect(simulator: Simulator, settings: BenchSettings): Model;
}

/** The suite's far side: the simulator behind a package of the AI SDK. */
async function openBench({ model, connect }: Far): Promise<ProviderBench> {
  // Fewer events: the AI SDK checks each against a schema, which takes most of the time of a long reply.
  const simulator = await startSimulator({ tokensPerEvent: 8 });
  return simulatorBench({
    simulator,
    model,
    provider: (settings) => connect(simulator, settings).provider,
  });
}

function chatCompletions(create: typeof createOpenAICompatible | typeof createOpenAICompatibleV3): Far {
  const model = "local-model";
  return {
    model,
    connect({ baseUrls }, { apiKey, timeoutMs, idleTimeoutMs, baseUrl }) {
      const server = create({
        name: "simulated",
        baseURL: baseUrl ?? baseUrls.openai,
        apiKey,
        includeUsage: true,
      });
      return aiSdk(server(model), { timeout: timeoutMs, idleTimeout: idleTimeoutMs });
    },
  };
}

/** A name that the package does not know: it caps the replies of those that it does. */
const claude = "claude-next";

const anthropicMessages: Far = {
  model: claude,
  connect({ baseUrls }, { apiKey, timeoutMs, idleTimeoutMs, baseUrl }) {
    const anthropic = createAnthropic({ baseURL: baseUrl ?? `${baseUrls.anthropic}/v1`, apiKey });
    return aiSdk(anthropic(claude), { timeout: timeoutMs, idleTimeout: idleTimeoutMs });
  },
};

const mistralChat: Far = {
  model: "mistral-large-latest",
  connect({ baseUrls }, { apiKey, timeoutMs, idleTimeoutMs, baseUrl }) {
    const mistral = createMistral({ baseURL: baseUrl ?? `${baseUrls.mistral}/v1`, apiKey });
    return aiSdk(mistral("mistral-large-latest"), { timeout: timeoutMs, idleTimeout: idleTimeoutMs });
  },
};

const withoutProof = "the AI SDK's package for Mistral leaves out the proof of thinking";
const unsigned = "chat completions have no signed thinking";
const skip = { hidden_reasoning: unsigned, signed_reasoning: unsigned, hidden_reasoning_sent_back: unsigned };

providerSuite({ name: "ai-sdk, Anthropic", open: () => openBench(anthropicMessages) });
providerSuite({
  name: "ai-sdk, Mistral",
  open: () => openBench(mistralChat),
  skip: {
    hidden_reasoning: withoutProof,
    signed_reasoning: withoutProof,
    hidden_reasoning_sent_back: withoutProof,
    refusal: "Mistral's models decline in a text like any other",
    content_filter: "Mistral stops no reply for a filter; its guardrails refuse the request",
    reasoning_usage: "Mistral does not say how much of the output was thinking",
  },
});
providerSuite({
  name: "ai-sdk, OpenAI-compatible",
  open: () => openBench(chatCompletions(createOpenAICompatible)),
  skip,
});
providerSuite({
  name: "ai-sdk, version 3",
  open: () => openBench(chatCompletions(createOpenAICompatibleV3)),
  skip,
});
