import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { installCommand } from "../../config/install-command.ts";
import { resolvePackage } from "../../config/load-package.ts";
import { type Check, ok, warning } from "./check.ts";

const looked: readonly string[] = [
  "core",
  "providers",
  "anthropic",
  "openai",
  "mistral",
  "litellm",
  "ai-sdk",
  "tools-files",
  "tools-shell",
  "tools-web",
  "knowledge-markdown",
  "skills",
  "mcp",
  "store-postgres",
];

/** Which packages are there, and whether the project and this program use the same core. */
export function checkPackages(root: string): readonly Check[] {
  const found = looked.flatMap((name) => {
    const version = versionOf(`@agentwerk/${name}`, root);
    return version === undefined ? [] : [`${name} ${version}`];
  });
  const checks = [ok("packages", found.join(", "))];
  const own = versionOf("@agentwerk/core", dirname(import.meta.filename));
  const theirs = versionOf("@agentwerk/core", root);
  if (own !== undefined && theirs !== undefined && own !== theirs) {
    const message = `the project uses @agentwerk/core ${theirs}, this program ${own}; what one makes, the other may not know`;
    checks.push(
      warning("packages", message, installCommand(root, ["agentwerk@latest", "@agentwerk/core@latest"])),
    );
  }
  return checks;
}

function versionOf(name: string, root: string): string | undefined {
  if (resolvePackage(name, root) === undefined) return undefined;
  for (const file of [join(root, "package.json"), import.meta.filename]) {
    const manifest = findManifest(name, file);
    if (manifest !== undefined) return manifest;
  }
  return "installed";
}

function findManifest(name: string, file: string): string | undefined {
  for (const folder of createRequire(file).resolve.paths(name) ?? []) {
    const path = join(folder, name, "package.json");
    if (!existsSync(path)) continue;
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
    const version =
      typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, "version") : undefined;
    if (typeof version === "string") return version;
  }
  return undefined;
}
