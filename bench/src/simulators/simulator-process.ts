import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Tells contenders where the simulator listens. */
export const simulatorVariable = "AGENTWERK_BENCH_SIMULATOR";

export interface SimulatorProcess {
  /** With the `/v1`. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** Starts a simulator in a process of its own, so that its work does not count as ours. */
export async function startSimulatorProcess(options: { readonly turns: number }): Promise<SimulatorProcess> {
  const program = fileURLToPath(new URL("./run-simulator.ts", import.meta.url));
  const child = fork(program, [String(options.turns)]);
  const [baseUrl] = await once(child, "message");
  return {
    baseUrl: String(baseUrl),
    async close() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}
