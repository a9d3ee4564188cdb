import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const managers: readonly (readonly [lockFile: string, command: string])[] = [
  ["pnpm-lock.yaml", "pnpm add"],
  ["yarn.lock", "yarn add"],
  ["bun.lock", "bun add"],
  ["bun.lockb", "bun add"],
  ["package-lock.json", "npm install"],
];

/** `npm install x`, in the words of the package manager whose lock file is in `folder` or above it. */
export function installCommand(folder: string, names: readonly string[]): string {
  return `${findManager(folder)} ${names.join(" ")}`;
}

function findManager(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const found = managers.find(([lockFile]) => existsSync(join(at, lockFile)));
    if (found !== undefined) return found[1];
    if (dirname(at) === at) return "npm install";
  }
}
