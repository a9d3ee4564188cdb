import type { Model } from "@agentwerk/core";
import { type ReplyFunction, startSimulator } from "@agentwerk/llm-simulator";
import { openai } from "@agentwerk/openai";
import { detectProvider, type Environment, modelFromEnv } from "@agentwerk/providers";
import { simulatedFaults, simulatedReply } from "./simulated-model.ts";

/** The model that the agents use. */
export interface ChosenModel {
  readonly model: Model;
  readonly isSimulated: boolean;
  /** One line for people: which model, and why. */
  readonly description: string;
  /** The next step when its requests fail. */
  readonly advice: string;
  close(): Promise<void>;
}

/**
 * The model that the environment describes; without one, a simulated model behind the real OpenAI provider.
 * @throws AgentwerkError when the environment asks for a model that cannot be had.
 */
export async function chooseModel(env: Environment): Promise<ChosenModel> {
  const detected = detectProvider(env);
  // A provider that was named but does not exist is a mistake to be told, not a reason to simulate.
  if (detected === undefined && (env.LITELLM_PROVIDER ?? "").trim() === "") return startSimulatedModel();
  const model = await modelFromEnv({ env });
  return {
    model,
    isSimulated: false,
    advice: adviceFor(detected?.provider ?? model.provider.name),
    description: `Model: ${model.name} from ${model.provider.name} (${detected?.variable ?? "environment"} is set).`,
    close: async () => {},
  };
}

/** Starts the simulator in this process. Its pace is that of a fast model, so that there is something to watch. */
export async function startSimulatedModel(reply: ReplyFunction = simulatedReply): Promise<ChosenModel> {
  const simulator = await startSimulator({
    respond: reply,
    faults: simulatedFaults,
    latencyMs: 60,
    tokensPerSecond: 600,
    recordLimit: 0,
  });
  const { baseUrl } = simulator;
  return {
    model: openai("simulated-model", { baseUrl, apiKey: "simulated", contextWindow: 128_000, env: {} }),
    isSimulated: true,
    advice: "Run it again, and report it if that does not help.",
    description: `No provider key is set: a simulated model answers on ${new URL(baseUrl).host}.`,
    close: () => simulator.close(),
  };
}

function adviceFor(provider: string): string {
  const prefix = provider.toUpperCase();
  return `Check ${prefix}_API_KEY, ${prefix}_BASE_URL and ${prefix}_MODEL, or unset them to use the simulated model.`;
}
