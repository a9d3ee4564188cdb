import { type FarRequest, type ProviderBench, providerSuite } from "@agentwerk/core/testing";
import { type Simulator, startSimulator } from "@agentwerk/llm-simulator";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { createOpenAICompatible as createV3 } from "@ai-sdk/openai-compatible-2";
import { aiSdk } from "./ai-sdk.ts";

const model = "local-model";

/** The suite's far side: the simulator behind a provider package of the AI SDK, one for each version of its interface. */
async function openBench(create: typeof createOpenAICompatible | typeof createV3): Promise<ProviderBench> {
  // Fewer events: the AI SDK checks each against a schema, which takes most of the time of a long reply.
  const simulator = await startSimulator({ tokensPerEvent: 32 });
  return {
    model,
    provider: ({ apiKey, timeoutMs, idleTimeoutMs }) => {
      const settings = { name: "simulated", baseURL: simulator.baseUrl, apiKey, includeUsage: true };
      return aiSdk(create(settings)(model), { timeout: timeoutMs, idleTimeout: idleTimeoutMs }).provider;
    },
    script: (replies) => simulator.use({ script: replies }),
    respond: (reply) =>
      simulator.use({ respond: (conversation) => reply({ ...plain(conversation), aborted: false }) }),
    requests: () => farRequests(simulator),
    received: (count) => simulator.received(count),
    close: () => simulator.close(),
  };
}

function farRequests(simulator: Simulator): readonly FarRequest[] {
  return simulator.requests.flatMap(({ conversation, aborted }) => {
    return conversation === undefined ? [] : [{ ...plain(conversation), aborted }];
  });
}

/** A spread would call no getter of the neutral view, or each of them; this calls the ones that are looked at. */
function plain(conversation: Omit<FarRequest, "aborted">): Omit<FarRequest, "aborted"> {
  const { model, system, messages, tools, toolChoice, maxOutputTokens, stream } = conversation;
  return { model, system, messages, tools, toolChoice, maxOutputTokens, stream };
}

providerSuite({ name: "ai-sdk", open: () => openBench(createOpenAICompatible) });
providerSuite({ name: "ai-sdk (version 3 models)", open: () => openBench(createV3) });
