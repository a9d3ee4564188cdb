import { type Simulator, startSimulator } from "@agentwerk/llm-simulator";
import { afterAll, beforeAll } from "vitest";
import { type CliBench, cliBench } from "./cli-bench.ts";
import { obedientModel } from "./simulated-agents.ts";

export interface SimulatedProjects {
  /** A project whose model does what its task says. */
  project(files?: Readonly<Record<string, string>>): CliBench;
  readonly simulator: Simulator;
}

/** One simulated model for all projects of a test file; called at its top, before any test. */
export function simulatedProjects(): SimulatedProjects {
  let running: Simulator | undefined;
  const find = (): Simulator => {
    if (running === undefined) throw new Error("The simulated model runs while tests do.");
    return running;
  };
  beforeAll(async () => {
    running = await startSimulator({ respond: obedientModel });
  });
  afterAll(() => running?.close());
  return {
    project: (files = {}) => cliBench({ baseUrl: find().baseUrl, files }),
    get simulator() {
      return find();
    },
  };
}
