import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { AgentwerkError, definePlugin, type Model, type Plugin } from "@agentwerk/core";
import { detectProvider, modelFromEnv } from "@agentwerk/providers";
import { callFactory, isModel } from "./call-factory.ts";
import { closest } from "./closest.ts";
import type { ModelReference } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { loadPackage, resolvePackage } from "./load-package.ts";

/** Vendors whose package exports a function of the same name. */
const vendors: readonly string[] = ["anthropic", "openai", "mistral", "litellm"];

export interface MakeModelOptions {
  /** Where it stands, for messages: `agents[0].model`. */
  readonly field: string;
  readonly root: string;
  readonly plugins: readonly Plugin[];
}

/**
 * The model that a reference names.
 * @throws ConfigError for a vendor that nobody brings, AgentwerkError `missing_dependency` with the install command.
 */
export async function makeModel(reference: ModelReference, options: MakeModelOptions): Promise<Model> {
  if (typeof reference !== "string") return reference;
  const { field, root, plugins } = options;
  const [, vendor, name] = /^([a-z][\w-]*):(.+)$/s.exec(reference) ?? [];
  if (vendor === undefined || name === undefined) {
    return fromEnvironment(reference === "env" ? undefined : reference, root);
  }
  const made = findProvider(plugins, vendor)?.(name);
  if (made !== undefined) return made;
  if (!vendors.includes(vendor)) throw unknownVendor(vendor, options);
  const packageName = `@agentwerk/${vendor}`;
  const exported = await loadPackage(packageName, { root, why: `${field} is ${JSON.stringify(reference)}` });
  return callFactory(exported[vendor], { packageName, exportName: vendor, field, args: [name] });
}

/**
 * The vendors whose packages are installed, for models that tickets name. A package is loaded when one of its models is
 * asked for.
 */
export function vendorPlugin(root: string): Plugin {
  const providers: Record<string, (name: string) => Model> = {};
  for (const vendor of vendors) {
    const found = resolvePackage(`@agentwerk/${vendor}`, root);
    if (found === undefined) continue;
    providers[vendor] = (name) => {
      const exported: unknown = createRequire(import.meta.url)(fileURLToPath(found));
      const make: unknown =
        typeof exported === "object" && exported !== null ? Reflect.get(exported, vendor) : undefined;
      const made: unknown = typeof make === "function" ? make(name) : undefined;
      if (isModel(made)) return made;
      throw new AgentwerkError({
        code: "missing_dependency",
        message: `@agentwerk/${vendor} made no model ${name}; update it.`,
      });
    };
  }
  return definePlugin({ name: "agentwerk: vendors", providers });
}

/** After `npx agentwerk` or `npm install -g agentwerk` the vendors' packages stand in the project, and nowhere else. */
function fromEnvironment(name: string | undefined, root: string): Promise<Model> {
  const why = `${detectProvider()?.variable ?? "A variable"} is set`;
  return modelFromEnv({ model: name, load: (packageName) => loadPackage(packageName, { root, why }) });
}

function findProvider(plugins: readonly Plugin[], vendor: string): ((name: string) => Model) | undefined {
  const plugin = plugins.find(({ providers }) => providers !== undefined && Object.hasOwn(providers, vendor));
  return plugin?.providers?.[vendor];
}

function unknownVendor(vendor: string, { field, plugins }: MakeModelOptions): ConfigError {
  const known = [...vendors, ...plugins.flatMap(({ providers }) => Object.keys(providers ?? {}))];
  const near = closest(vendor, known);
  const hint = near === undefined ? `the vendors here are ${known.join(", ")}` : `did you mean ${near}?`;
  const more = near === undefined ? "; another one needs its plugin" : "";
  return new ConfigError(`${field} names the vendor ${vendor}, which nobody here brings; ${hint}${more}`, {
    field,
  });
}
