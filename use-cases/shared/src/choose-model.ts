import type { Model, Price } from "@agentwerk/core";
import { type SimulatorOptions, startSimulator } from "@agentwerk/llm-simulator";
import { openai } from "@agentwerk/openai";
import { detectProvider, type Environment, modelFromEnv } from "@agentwerk/providers";

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

export interface ChooseModelOptions {
  readonly env: Environment;
  /** Goes before the environment's. */
  readonly name?: string | undefined;
  /** What answers where no provider is set. */
  readonly simulator: SimulatedModelOptions;
}

export interface SimulatedModelOptions extends SimulatorOptions {
  /** For programs that count costs: what the simulated model is said to take. */
  readonly price?: Price | undefined;
}

/**
 * The model that the environment describes; without one, a simulated model behind the real OpenAI provider.
 * @throws AgentwerkError when the environment asks for a model that cannot be had.
 */
export async function chooseModel({ env, name, simulator }: ChooseModelOptions): Promise<ChosenModel> {
  const detected = detectProvider(env);
  // A provider that was named but does not exist is a mistake to be told, not a reason to simulate.
  if (detected === undefined && (env.LITELLM_PROVIDER ?? "").trim() === "")
    return startSimulatedModel(simulator, name);
  const model = await modelFromEnv({ env, model: name });
  return {
    model,
    isSimulated: false,
    advice: adviceFor(detected?.provider ?? model.provider.name),
    description: `Model: ${model.name} from ${model.provider.name} (${detected?.variable ?? "environment"} is set).`,
    close: async () => {},
  };
}

/** Starts the simulator in this process. Its pace is that of a fast model, so that there is something to watch. */
export async function startSimulatedModel(
  { price, ...options }: SimulatedModelOptions,
  name = "simulated-model",
): Promise<ChosenModel> {
  const simulator = await startSimulator({
    latencyMs: 60,
    tokensPerSecond: 600,
    recordLimit: 0,
    ...options,
  });
  const { baseUrl } = simulator;
  return {
    model: openai(name, { baseUrl, apiKey: "simulated", contextWindow: 128_000, price, env: {} }),
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
