import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const workspaceRoot: string = fileURLToPath(new URL("../../", import.meta.url));

type ExportTarget = string | Record<string, string>;

export interface PackageManifest {
  name: string;
  version: string;
  private?: boolean;
  description?: string;
  type?: string;
  license?: string;
  keywords?: string[];
  bin?: Record<string, string>;
  exports?: Record<string, ExportTarget>;
  files?: string[];
  engines?: Record<string, string>;
  scripts?: Record<string, string>;
  publishConfig?: { exports?: Record<string, ExportTarget> };
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

export interface WorkspacePackage {
  /** Relative to the root, for example `packages/core`. */
  folder: string;
  manifest: PackageManifest;
}

const manifestPatterns = [
  "packages/*/package.json",
  "packages/*/*/package.json",
  "use-cases/*/package.json",
  "bench/package.json",
];

export const workspacePackages: readonly WorkspacePackage[] = manifestPatterns
  .flatMap((pattern) => globSync(pattern, { cwd: workspaceRoot, exclude: ["**/node_modules/**"] }))
  .sort()
  .map((file) => ({ folder: dirname(file), manifest: readManifest(file) }));

export const publishedPackages: readonly WorkspacePackage[] = workspacePackages.filter(
  ({ manifest }) => manifest.private !== true,
);

/** Private, but like everything else they have to work outside of this workspace. */
export const useCasePackages: readonly WorkspacePackage[] = workspacePackages.filter(({ folder }) =>
  folder.startsWith("use-cases/"),
);

export const rootManifest: PackageManifest = readManifest("package.json");

/** The import paths under which a package gives out code: `@agentwerk/core`, `@agentwerk/core/sqlite`, … */
export function importPaths(manifest: PackageManifest): string[] {
  return Object.keys(manifest.exports ?? {})
    .filter((path) => path !== "./package.json")
    .map((path) => manifest.name + path.slice(1));
}

function readManifest(file: string): PackageManifest {
  return JSON.parse(readFileSync(join(workspaceRoot, file), "utf8"));
}
