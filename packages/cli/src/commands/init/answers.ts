import { detectProvider } from "@agentwerk/providers";
import { usualModels } from "../../config/usual-models.ts";

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

export const modelChoices: readonly ModelChoice[] = [
  { model: "env", label: "what the environment describes" },
  ...Object.entries({ anthropic: "Anthropic", openai: "OpenAI", mistral: "Mistral" }).map(
    ([vendor, label]) => ({
      model: `${vendor}:${usualModels[vendor]}`,
      label: `${label}, ${usualModels[vendor]}`,
      hint: `${vendor.toUpperCase()}_API_KEY`,
    }),
  ),
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
