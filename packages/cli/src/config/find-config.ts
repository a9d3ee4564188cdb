import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "./config-error.ts";

/** In the order in which they are looked for within a folder. */
const configNames: readonly string[] = [
  "agentwerk.config.ts",
  "agentwerk.config.mts",
  "agentwerk.config.js",
  "agentwerk.config.mjs",
  "agentwerk.config.json",
];

/**
 * The configuration that was named, else the next one in `cwd` or a folder above it.
 * @throws ConfigError when the named one is not there.
 */
export function findConfig({
  cwd,
  named,
}: {
  readonly cwd: string;
  readonly named: string | undefined;
}): string | undefined {
  if (named !== undefined) {
    const path = resolve(cwd, named);
    if (existsSync(path)) return path;
    throw new ConfigError(`There is no configuration ${named}; leave --config out to look for one upwards.`);
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const name = configNames.find((candidate) => existsSync(join(folder, candidate)));
    if (name !== undefined) return join(folder, name);
    if (dirname(folder) === folder) return undefined;
  }
}
