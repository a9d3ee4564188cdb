import { detectProvider } from "@agentwerk/providers";

export type Ability = "read" | "write" | "shell" | "web" | "knowledge";

/** What a new configuration is made of. */
export interface Answers {
  readonly model: string;
  /** The package that the model needs. */
  readonly modelPackage: string | undefined;
  readonly abilities: readonly Ability[];
  readonly install: boolean;
}

export interface ModelChoice {
  readonly model: string;
  readonly label: string;
  readonly hint?: string;
}

/** The vendors' usual models, for those who have a key and no opinion. */
export const modelChoices: readonly ModelChoice[] = [
  { model: "env", label: "what the environment describes" },
  { model: "anthropic:claude-sonnet-5-5", label: "Anthropic, claude-sonnet-5-5", hint: "ANTHROPIC_API_KEY" },
  { model: "openai:gpt-5", label: "OpenAI, gpt-5", hint: "OPENAI_API_KEY" },
  { model: "mistral:mistral-large-latest", label: "Mistral, mistral-large-latest", hint: "MISTRAL_API_KEY" },
];

/** What is taken where nobody is asked. */
export function defaultAnswers(model: string | undefined): Answers {
  const chosen = model ?? "env";
  return { model: chosen, modelPackage: packageOf(chosen), abilities: ["read"], install: false };
}

/** What `env` needs depends on what is set; unset, the first key decides later. */
export function packageOf(model: string): string | undefined {
  const vendor = /^(anthropic|openai|mistral|litellm):/.exec(model)?.[1];
  return vendor === undefined ? detectProvider()?.packageName : `@agentwerk/${vendor}`;
}

/** The line that sets the key of the model, where none is set yet. */
export function missingKey(model: string): string | undefined {
  const vendor = /^(anthropic|openai|mistral):/.exec(model)?.[1];
  if (vendor !== undefined) {
    const variable = `${vendor.toUpperCase()}_API_KEY`;
    return process.env[variable] ? undefined : `export ${variable}=…`;
  }
  if (model !== "env" || detectProvider() !== undefined) return undefined;
  return "export ANTHROPIC_API_KEY=…   # and install @agentwerk/anthropic; the same for openai and mistral";
}

/** Which variable decides what `env` is, for people. */
export function describeEnvironment(): string {
  const found = detectProvider();
  return found === undefined ? "no key is set yet" : `${found.variable} is set`;
}
