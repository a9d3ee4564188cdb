import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { runOrThrow } from "../support/run-command.ts";
import { publishedPackages, useCasePackages, workspaceRoot } from "../support/workspace-packages.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The tarball of each package, by package name, as the registry would get it. */
    tarballs: Record<string, string>;
  }
}

/** Packs what is in dist/; the build is the business of whoever starts the tests. */
export async function setup(project: TestProject): Promise<void> {
  const destination = join(workspaceRoot, ".cache/packs");
  rmSync(destination, { recursive: true, force: true });
  mkdirSync(destination, { recursive: true });
  const tarballs: Record<string, string> = {};
  for (const { folder, manifest } of [...publishedPackages, ...useCasePackages]) {
    const packed = await runOrThrow("pnpm", ["pack", "--json", "--pack-destination", destination], {
      cwd: join(workspaceRoot, folder),
    });
    tarballs[manifest.name] = JSON.parse(packed).filename;
  }
  project.provide("tarballs", tarballs);
}
