import { resolve } from "node:path";
import type { Knowledge } from "@agentwerk/core";
import { ConfigError } from "./config-error.ts";
import { loadPackage } from "./load-package.ts";

/**
 * The backend that was given, or one over the markdown pages of a folder.
 * @throws AgentwerkError `missing_dependency` with the install command.
 */
export async function makeKnowledge(
  reference: string | Knowledge,
  { field, root }: { readonly field: string; readonly root: string },
): Promise<Knowledge> {
  if (typeof reference !== "string") return reference;
  const packageName = "@agentwerk/knowledge-markdown";
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

function isKnowledge(value: unknown): value is Knowledge {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "index") === "function";
}
