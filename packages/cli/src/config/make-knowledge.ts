import { resolve } from "node:path";
import type { Knowledge, Skills } from "@agentwerk/core";
import { ConfigError } from "./config-error.ts";
import { loadPackage } from "./load-package.ts";

const packageName = "@agentwerk/knowledge-markdown";

/**
 * The backend that was given, or one over the markdown pages of a folder.
 * @throws AgentwerkError `missing_dependency` with the install command.
 */
export async function makeKnowledge(
  reference: string | Knowledge,
  { field, root }: { readonly field: string; readonly root: string },
): Promise<Knowledge> {
  if (typeof reference !== "string") return reference;
  const { markdownKnowledge } = await loadPackage(packageName, {
    root,
    why: `${field} is a folder of pages`,
  });
  const made: unknown =
    typeof markdownKnowledge === "function"
      ? markdownKnowledge({ dir: resolve(root, reference) })
      : undefined;
  if (isKnowledge(made)) return made;
  throw new ConfigError(`${packageName} made no knowledge; update it: npm install ${packageName}@latest`, {
    field,
  });
}

/**
 * The set that was given, or the skills of folders.
 * @throws AgentwerkError `missing_dependency` with the install command.
 */
export async function makeSkills(
  reference: string | readonly string[] | Skills,
  { field, root }: { readonly field: string; readonly root: string },
): Promise<Skills> {
  if (typeof reference !== "string" && "list" in reference) return reference;
  const folders = (typeof reference === "string" ? [reference] : reference).map((folder) =>
    resolve(root, folder),
  );
  const { markdownSkills } = await loadPackage(packageName, { root, why: `${field} is a folder of skills` });
  const made: unknown = typeof markdownSkills === "function" ? markdownSkills(folders) : undefined;
  if (isSkills(made)) return made;
  throw new ConfigError(`${packageName} made no skills; update it: npm install ${packageName}@latest`, {
    field,
  });
}

function isSkills(value: unknown): value is Skills {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "list") === "function";
}

function isKnowledge(value: unknown): value is Knowledge {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "index") === "function";
}
