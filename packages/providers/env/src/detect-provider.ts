import { AgentwerkError } from "@agentwerk/core";
import type { Vendor, VendorName } from "./vendors.ts";
import { vendors } from "./vendors.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What an environment says about the provider to use. */
export interface DetectedProvider {
  readonly provider: VendorName;
  /** The package that has to be installed. */
  readonly packageName: string;
  /** The variable that decided. */
  readonly variable: string;
}

/** Empty strings, as `.env` files leave them, count as unset. */
export function readVariable(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}

/**
 * The provider that `modelFromEnv` would take; `undefined` when no variable names one.
 * Never throws: a `LITELLM_PROVIDER` that does not exist counts as none here.
 */
export function detectProvider(env: Environment = process.env): DetectedProvider | undefined {
  const choice = readVariable(env, "LITELLM_PROVIDER");
  if (choice !== undefined) {
    const chosen = vendors.find(({ name }) => name === choice.toLowerCase());
    return chosen === undefined ? undefined : describe(chosen, "LITELLM_PROVIDER");
  }
  for (const vendor of vendors) {
    const variable = findVariable(env, vendor);
    if (variable !== undefined) return describe(vendor, variable);
  }
  return undefined;
}

/** @throws AgentwerkError `invalid_input` naming the variables, or the choices of `LITELLM_PROVIDER`. */
export function chooseVendor(env: Environment): Vendor {
  const choice = readVariable(env, "LITELLM_PROVIDER");
  const detected = detectProvider(env);
  const vendor = vendors.find(({ name }) => name === detected?.provider);
  if (vendor !== undefined) return vendor;
  const choices = vendors.map(({ name }) => name).join(", ");
  throw new AgentwerkError({
    code: "invalid_input",
    field: choice === undefined ? "env" : "LITELLM_PROVIDER",
    message:
      choice === undefined
        ? `No model provider in the environment: set one of ${vendors.map(({ prefix }) => `${prefix}_API_KEY`).join(", ")}, or OPENAI_BASE_URL for a local server.`
        : `LITELLM_PROVIDER is ${JSON.stringify(choice)}; choose one of ${choices}.`,
  });
}

function findVariable(env: Environment, { prefix, foundByBaseUrl }: Vendor): string | undefined {
  const names = [`${prefix}_API_KEY`, ...(foundByBaseUrl ? [`${prefix}_BASE_URL`] : [])];
  return names.find((name) => readVariable(env, name) !== undefined);
}

function describe({ name, packageName }: Vendor, variable: string): DetectedProvider {
  return { provider: name, packageName, variable };
}
