import type { Provider } from "../../provider/provider.ts";
import type { BenchSettings, FarReply, FarRequest, ProviderBench } from "./provider-bench.ts";

/** What the bench uses of a simulator; the one of `@agentwerk/llm-simulator` fits. */
export interface BenchSimulator {
  use(behaviour: {
    readonly script?: readonly FarReply[];
    readonly respond?: (request: Omit<FarRequest, "aborted">) => FarReply | Promise<FarReply>;
  }): void;
  readonly requests: readonly {
    readonly conversation: Omit<FarRequest, "aborted"> | undefined;
    readonly aborted: boolean;
  }[];
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

export interface SimulatorBenchOptions {
  readonly simulator: BenchSimulator;
  readonly model: string;
  readonly provider: (settings: BenchSettings) => Provider;
}

/** A bench whose far side is a simulator, which has the same names for replies and faults. */
export function simulatorBench({ simulator, model, provider }: SimulatorBenchOptions): ProviderBench {
  return {
    model,
    provider,
    script: (script) => simulator.use({ script }),
    respond: (reply) => {
      simulator.use({ respond: (conversation) => reply({ ...plain(conversation), aborted: false }) });
    },
    requests: () =>
      simulator.requests.flatMap(({ conversation, aborted }) => {
        return conversation === undefined ? [] : [{ ...plain(conversation), aborted }];
      }),
    received: (count) => simulator.received(count),
    close: () => simulator.close(),
  };
}

/** A spread would call no getter of the neutral view, or each of them; this calls the ones that are looked at. */
function plain(conversation: Omit<FarRequest, "aborted">): Omit<FarRequest, "aborted"> {
  const { model, system, messages, tools, toolChoice, maxOutputTokens, stream } = conversation;
  return { model, system, messages, tools, toolChoice, maxOutputTokens, stream };
}
