import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * The exports of a user's module. Node strips the types of TypeScript itself where it can; jiti, which compiles, takes over
 * on a Node without that, for syntax that cannot be stripped, such as enums, and where the module imports `agentwerk` and it
 * is not installed, as after `npx agentwerk init`: then it is the package that runs.
 */
export async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  const isTypeScript = /\.[mc]?ts$/.test(path);
  if (isTypeScript && !canStripTypes()) return importCompiled(path);
  try {
    return { ...(await import(pathToFileURL(path).href)) };
  } catch (error) {
    const needsCompiling = isTypeScript && codeOf(error) === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
    if (needsCompiling || missesAgentwerk(error)) return importCompiled(path);
    throw error;
  }
}

async function importCompiled(path: string): Promise<Readonly<Record<string, unknown>>> {
  const { createJiti } = await import("jiti");
  // Nothing is written into the user's node_modules.
  const jiti = createJiti(path, { fsCache: false, interopDefault: false, alias: aliasFor(path) });
  const exported: unknown = await jiti.import(path);
  return typeof exported === "object" && exported !== null ? { ...exported } : {};
}

/** The project's own `agentwerk`, or this one where it has none. */
function aliasFor(path: string): Record<string, string> {
  try {
    createRequire(path).resolve("agentwerk/package.json");
    return {};
  } catch {
    return { agentwerk: fileURLToPath(import.meta.resolve("agentwerk")) };
  }
}

function missesAgentwerk(error: unknown): boolean {
  if (codeOf(error) !== "ERR_MODULE_NOT_FOUND" || !(error instanceof Error)) return false;
  return error.message.startsWith("Cannot find package 'agentwerk'");
}

function canStripTypes(): boolean {
  return process.features.typescript !== false && process.features.typescript !== undefined;
}

export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
