import { pathToFileURL } from "node:url";

/**
 * The exports of a user's module. Node strips the types of TypeScript itself where it can; jiti, which compiles, takes over
 * on a Node without that, and for syntax that cannot be stripped, such as enums.
 */
export async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  const isTypeScript = /\.[mc]?ts$/.test(path);
  if (isTypeScript && !canStripTypes()) return importCompiled(path);
  try {
    return { ...(await import(pathToFileURL(path).href)) };
  } catch (error) {
    if (isTypeScript && codeOf(error) === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") return importCompiled(path);
    throw error;
  }
}

async function importCompiled(path: string): Promise<Readonly<Record<string, unknown>>> {
  const { createJiti } = await import("jiti");
  // Nothing is written into the user's node_modules.
  const jiti = createJiti(path, { fsCache: false, interopDefault: false });
  const exported: unknown = await jiti.import(path);
  return typeof exported === "object" && exported !== null ? { ...exported } : {};
}

function canStripTypes(): boolean {
  return process.features.typescript !== false && process.features.typescript !== undefined;
}

export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
