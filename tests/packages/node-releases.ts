import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOrThrow } from "../support/run-command.ts";
import { workspaceRoot } from "../support/workspace-packages.ts";

/** The oldest Node that `engines` promises. */
const oldestNode = "22.13.0";

/** The Node releases on which a published package must load: the oldest supported one, and the one we develop on. */
export async function nodeReleases(): Promise<Record<string, string>> {
  return { [oldestNode]: await installNode(oldestNode), [process.versions.node]: process.execPath };
}

async function installNode(version: string): Promise<string> {
  const folder = join(workspaceRoot, `.cache/node-${version}`);
  const executable = join(folder, "node_modules/node/bin/node");
  if (existsSync(executable)) return executable;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  await runOrThrow("npm", ["install", "--no-audit", "--no-fund", "--foreground-scripts", `node@${version}`], {
    cwd: folder,
  });
  return executable;
}
