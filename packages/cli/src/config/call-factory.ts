import { AgentwerkError, type Model } from "@agentwerk/core";
import { ConfigError } from "./config-error.ts";

export interface CallFactoryOptions {
  readonly packageName: string;
  readonly exportName: string;
  /** Where the model stands, for messages. */
  readonly field: string;
  readonly args: readonly unknown[];
}

/** @throws AgentwerkError where the package is too old, ConfigError where its function makes no model. */
export async function callFactory(factory: unknown, options: CallFactoryOptions): Promise<Model> {
  const { packageName, exportName, field, args } = options;
  if (typeof factory !== "function") {
    throw new AgentwerkError({
      code: "missing_dependency",
      message: `${packageName} exports no function ${exportName}; update it: npm install ${packageName}@latest`,
    });
  }
  const made: unknown = await factory(...args);
  if (isModel(made)) return made;
  throw new ConfigError(`${field}: ${exportName} of ${packageName} made no model.`, { field });
}

export function isModel(value: unknown): value is Model {
  return typeof value === "object" && value !== null && "provider" in value && "contextWindow" in value;
}
