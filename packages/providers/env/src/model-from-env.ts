import type { Model } from "@agentwerk/core";
import { AgentwerkError } from "@agentwerk/core";
import type { Environment } from "./detect-provider.ts";
import { chooseVendor, readVariable } from "./detect-provider.ts";
import type { MakeModel, Vendor, VendorOptions } from "./vendors.ts";

export interface ModelFromEnvOptions {
  /** Default `process.env`. */
  readonly env?: Environment | undefined;
  /** Goes before `<VENDOR>_MODEL` and `MODEL`. */
  readonly model?: string | undefined;
  /**
   * Resolves with the exports of a provider package, for programs that are installed apart from the project whose packages
   * they use; what it rejects with is thrown as it is. Default: `import`, which finds what is installed beside this package.
   */
  readonly load?: ((packageName: string) => Promise<object>) | undefined;
}

/**
 * The model that the environment describes, from the provider package that it needs and no other.
 * @throws AgentwerkError `invalid_input` naming the variable, or `missing_dependency` with the install command.
 */
export async function modelFromEnv(options: ModelFromEnvOptions = {}): Promise<Model> {
  const env = options.env ?? process.env;
  const vendor = chooseVendor(env);
  const name = options.model ?? chooseModel(env, vendor);
  const vendorOptions = readOptions(env, vendor);
  const makeModel = await loadVendor(vendor, options.load);
  return makeModel(name, vendorOptions);
}

function chooseModel(env: Environment, { name, prefix, defaultModel }: Vendor): string {
  const model = readVariable(env, `${prefix}_MODEL`) ?? readVariable(env, "MODEL") ?? defaultModel;
  if (model !== undefined) return model;
  throw new AgentwerkError({
    code: "invalid_input",
    field: `${prefix}_MODEL`,
    message: `${name} has no default model; set ${prefix}_MODEL or MODEL.`,
  });
}

function readOptions(env: Environment, { name, prefix }: Vendor): VendorOptions {
  const apiKey = readVariable(env, `${prefix}_API_KEY`);
  const baseUrl = readVariable(env, `${prefix}_BASE_URL`);
  const contextWindow = readContextWindow(env);
  // A vendor that was chosen by name may be a server of one's own that wants no key.
  if (apiKey === undefined && baseUrl === undefined) {
    throw new AgentwerkError({
      code: "invalid_input",
      field: `${prefix}_API_KEY`,
      message: `LITELLM_PROVIDER chooses ${name}, but ${prefix}_API_KEY is not set; set it, or ${prefix}_BASE_URL for a server that wants none.`,
    });
  }
  return {
    env,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(contextWindow === undefined ? {} : { contextWindow }),
  };
}

function readContextWindow(env: Environment): number | undefined {
  const text = readVariable(env, "MODEL_CONTEXT_WINDOW");
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new AgentwerkError({
    code: "invalid_input",
    field: "MODEL_CONTEXT_WINDOW",
    message: `MODEL_CONTEXT_WINDOW is ${JSON.stringify(text)}; give a whole number of tokens above 0.`,
  });
}

async function loadVendor(vendor: Vendor, load: ModelFromEnvOptions["load"]): Promise<MakeModel> {
  const { name, packageName } = vendor;
  const exported: Readonly<Record<string, unknown>> = {
    ...(await (load === undefined ? importVendor(vendor) : load(packageName))),
  };
  const makeModel = exported[name];
  if (typeof makeModel === "function") return makeModel as MakeModel;
  throw new AgentwerkError({
    code: "missing_dependency",
    message: `${packageName} exports no function ${name}; update it: npm install ${packageName}@latest`,
  });
}

async function importVendor({ name, packageName }: Vendor): Promise<object> {
  try {
    // The name is not a literal, so that neither the compiler nor a bundler wants packages that are not installed.
    return await import(packageName);
  } catch (cause) {
    const absent = findMissing(cause);
    throw absent === undefined ? cause : missing(name, absent, cause);
  }
}

/** Only packages of ours, the vendor's own and what it has as a peer: anything else is a broken installation. */
function findMissing(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown) || thrown.code !== "ERR_MODULE_NOT_FOUND")
    return undefined;
  return /'(@agentwerk\/[a-z-]+)'/.exec(thrown.message)?.[1];
}

function missing(name: string, packageName: string, cause: unknown): AgentwerkError {
  return new AgentwerkError({
    code: "missing_dependency",
    message: `The environment asks for ${name}, but a package that it needs is not installed: npm install ${packageName}`,
    cause,
  });
}
