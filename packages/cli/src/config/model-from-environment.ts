import { AgentwerkError, type Model } from "@agentwerk/core";
import { detectProvider } from "@agentwerk/providers";
import { callFactory } from "./call-factory.ts";
import { loadPackage } from "./load-package.ts";
import { usualModels } from "./usual-models.ts";

export interface ModelFromEnvironmentOptions {
  /** Goes before what the environment names. */
  readonly name: string | undefined;
  /** Where it stands, for messages: `agents[0].model`. */
  readonly field: string;
  readonly root: string;
}

/**
 * The model that the environment describes, from `modelFromEnv()`. That sees only vendors' packages beside itself: after
 * `npx agentwerk` or `npm install -g agentwerk` they stand in the project, and are taken from there.
 * @throws AgentwerkError `invalid_input` naming the variable, or `missing_dependency` with the install command.
 */
export async function modelFromEnvironment(options: ModelFromEnvironmentOptions): Promise<Model> {
  const { name, field, root } = options;
  const packageName = "@agentwerk/providers";
  const exported = await loadPackage(packageName, { root, why: `${field} is taken from the environment` });
  try {
    return await callFactory(exported.modelFromEnv, {
      packageName,
      exportName: "modelFromEnv",
      field,
      args: name === undefined ? [] : [{ model: name }],
    });
  } catch (error) {
    if (!AgentwerkError.isInstance(error) || error.code !== "missing_dependency") throw error;
    return modelFromProject(options, error);
  }
}

/** All variables were checked by then. */
async function modelFromProject(
  { name, field, root }: ModelFromEnvironmentOptions,
  cause: Error,
): Promise<Model> {
  const found = detectProvider();
  if (found === undefined) throw cause;
  const { provider, packageName, variable } = found;
  const exported = await loadPackage(packageName, { root, why: `${variable} is set` });
  const chosen = name ?? read(`${provider.toUpperCase()}_MODEL`) ?? read("MODEL") ?? usualModels[provider];
  if (chosen === undefined) throw cause;
  const window = read("MODEL_CONTEXT_WINDOW");
  const args = [chosen, window === undefined ? {} : { contextWindow: Number(window) }];
  return callFactory(exported[provider], { packageName, exportName: provider, field, args });
}

/** Empty ones count as unset. */
function read(variable: string): string | undefined {
  return process.env[variable]?.trim() || undefined;
}
