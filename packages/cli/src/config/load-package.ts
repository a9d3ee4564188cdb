import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AgentwerkError } from "@agentwerk/core";
import { codeOf } from "./import-module.ts";
import { installCommand } from "./install-command.ts";

export type Exports = Readonly<Record<string, unknown>>;

/**
 * The exports of an installed package: the project's, else the one beside this program.
 * @throws AgentwerkError `missing_dependency` with the install command; `why` opens the message.
 */
export async function loadPackage(
  name: string,
  { root, why }: { readonly root: string; readonly why: string },
): Promise<Exports> {
  const found = resolvePackage(name, root);
  if (found === undefined) throw missing(name, { root, why });
  try {
    return { ...(await import(found)) };
  } catch (cause) {
    // A package that is there may need one that is not: a peer.
    const absent = codeOf(cause) === "ERR_MODULE_NOT_FOUND" ? nameOfMissing(cause) : undefined;
    throw absent === undefined ? cause : missing(absent, { root, why, cause });
  }
}

/** Where a package would be imported from; `undefined` when it is not installed. */
export function resolvePackage(name: string, root: string): string | undefined {
  return resolveFrom(join(root, "package.json"), name) ?? resolveFrom(import.meta.filename, name);
}

/** Whether the project itself has a package: what `npx` brought along is gone with the next one. */
export function isInProject(name: string, root: string): boolean {
  return resolveFrom(join(root, "package.json"), name) !== undefined;
}

function resolveFrom(file: string, name: string): string | undefined {
  try {
    return pathToFileURL(createRequire(file).resolve(name)).href;
  } catch (error) {
    // The package is there and exports itself to `import` only.
    if (codeOf(error) === "ERR_PACKAGE_PATH_NOT_EXPORTED") return resolveForImport(file, name);
    return undefined;
  }
}

/** `import.meta.resolve` takes no starting point, so the folders are walked, and its answer is asked of the file there. */
function resolveForImport(file: string, name: string): string | undefined {
  const folders = createRequire(file).resolve.paths(name) ?? [];
  for (const folder of folders) {
    const entry = readImportEntry(join(folder, name));
    if (entry !== undefined) return pathToFileURL(join(folder, name, entry)).href;
  }
  return undefined;
}

function readImportEntry(folder: string): string | undefined {
  try {
    const manifest: unknown = createRequire(import.meta.url)(join(folder, "package.json"));
    return pickImport(at(at(manifest, "exports"), ".") ?? at(manifest, "exports"));
  } catch {
    return undefined;
  }
}

function pickImport(target: unknown): string | undefined {
  if (typeof target === "string") return target;
  for (const condition of ["node", "import", "default"]) {
    const found = at(target, condition);
    if (found !== undefined) return pickImport(found);
  }
  return undefined;
}

function at(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function nameOfMissing(error: unknown): string | undefined {
  return error instanceof Error ? /Cannot find package '([^']+)'/.exec(error.message)?.[1] : undefined;
}

function missing(
  name: string,
  { root, why, cause }: { readonly root: string; readonly why: string; readonly cause?: unknown },
): AgentwerkError {
  return new AgentwerkError({
    code: "missing_dependency",
    message: `${why}, but ${name} is not installed: ${installCommand(root, [name])}`,
    cause,
  });
}
