import { type FarRequest, type ProviderBench, providerSuite } from "@agentwerk/core/testing";
import { type Simulator, startSimulator } from "@agentwerk/llm-simulator";
import { litellmProvider } from "./litellm-provider.ts";

/** The suite's far side: the simulator, which has the same names for replies and faults. */
async function openBench(): Promise<ProviderBench> {
  const simulator = await startSimulator();
  return {
    model: "anthropic/claude-sonnet-4-5",
    provider: ({ apiKey, timeoutMs, idleTimeoutMs }) =>
      litellmProvider({
        apiKey,
        baseUrl: simulator.baseUrl,
        timeout: timeoutMs,
        idleTimeout: idleTimeoutMs,
        env: {},
      }),
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

providerSuite({ name: "litellm", open: openBench });
