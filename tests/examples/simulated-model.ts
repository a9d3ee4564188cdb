import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { workspaceRoot } from "../support/workspace-packages.ts";

export interface SimulatedModel {
  /** What an example needs in its environment to reach the model through the OpenAI provider. */
  env: Record<string, string>;
  close(): Promise<void>;
}

/** Starts the simulator, built, as its command line does; the first line that it prints names its address. */
export async function startSimulatedModel(): Promise<SimulatedModel> {
  const program = join(workspaceRoot, "packages/llm-simulator/dist/cli.js");
  const child = spawn(process.execPath, [program, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const address = await Promise.race([firstAddress(child.stdout), ended]);
  if (!address) throw new Error("The simulator ended before it printed its address.");
  child.stdout.resume();
  const baseUrl = new URL("/v1", address).href;
  return {
    env: {
      OPENAI_API_KEY: "simulated",
      OPENAI_BASE_URL: baseUrl,
      OPENAI_MODEL: "simulated",
      MODEL: "simulated",
    },
    close: () => {
      child.kill();
      return ended;
    },
  };
}

async function firstAddress(output: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const line of createInterface({ input: output })) {
    const address = /https?:\/\/[^\s/]+/.exec(line)?.[0];
    if (address) return address;
  }
  return undefined;
}
